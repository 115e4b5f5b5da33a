#!/bin/sh
# After the files of the deb or rpm package are there. Idempotent: it also runs after an upgrade.
set -e

# Chromium's sandbox takes user namespaces; where the system keeps them from ordinary users, its setuid helper.
namespaces() {
  [ -e /proc/self/ns/user ] || return 1
  [ "$(cat /proc/sys/kernel/unprivileged_userns_clone 2>/dev/null || echo 1)" = 1 ] || return 1
  [ "$(cat /proc/sys/user/max_user_namespaces 2>/dev/null || echo 1)" != 0 ] || return 1
  [ "$(cat /proc/sys/kernel/apparmor_restrict_unprivileged_userns 2>/dev/null || echo 0)" = 0 ] || return 1
}
if namespaces; then chmod 0755 /opt/Hearth/chrome-sandbox; else chmod 4755 /opt/Hearth/chrome-sandbox; fi

# Package managers with triggers do these by themselves; others need the word.
command -v update-mime-database >/dev/null && update-mime-database /usr/share/mime || true
command -v update-desktop-database >/dev/null && update-desktop-database -q /usr/share/applications || true
command -v gtk-update-icon-cache >/dev/null && gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor || true
