; What the installer does beside laying down files, for the time Hearth is installed.

!macro customInstall
  ; The command `hearth` on the person's PATH (HKCU). PowerShell does it, as NSIS cuts strings off at 1024 characters, and
  ; a PATH is often longer.
  nsExec::Exec `powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$INSTDIR\resources\bin\path.ps1" add "$INSTDIR\resources\bin"`
  ; hearth:// links. electron-builder registers schemes on macOS and Linux alone.
  WriteRegStr SHELL_CONTEXT "Software\Classes\hearth" "" "URL:Hearth"
  WriteRegStr SHELL_CONTEXT "Software\Classes\hearth" "URL Protocol" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\hearth\DefaultIcon" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME},0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\hearth\shell\open\command" "" `"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"`
!macroend

!macro customUnInstall
  nsExec::Exec `powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$INSTDIR\resources\bin\path.ps1" remove "$INSTDIR\resources\bin"`
  DeleteRegKey SHELL_CONTEXT "Software\Classes\hearth"
!macroend
