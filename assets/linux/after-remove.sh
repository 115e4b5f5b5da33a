#!/bin/sh
# After the files of the deb or rpm package are gone, or have given way to another version ("upgrade", or 1 for rpm).
# Chats, settings and models are the person's and stay where they are.
set -e
case "$1" in remove | purge | 0) ;; *) exit 0 ;; esac

command -v update-mime-database >/dev/null && update-mime-database /usr/share/mime || true
command -v update-desktop-database >/dev/null && update-desktop-database -q /usr/share/applications || true
command -v gtk-update-icon-cache >/dev/null && gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor || true
