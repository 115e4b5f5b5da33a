; What the installer does beside laying down files, for the time Hearth is installed.

; SHCNE_ASSOCCHANGED: what opens which file has changed.
!macro tellTheDesktop
  System::Call 'shell32::SHChangeNotify(i, i, i, i) v (0x08000000, 0, 0, 0)'
!macroend

!macro customInstall
  ; The command `hearth` on the person's PATH (HKCU). PowerShell does it, as NSIS cuts strings off at 1024 characters, and
  ; a PATH is often longer.
  nsExec::Exec `powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$INSTDIR\resources\bin\path.ps1" add "$INSTDIR\resources\bin"`
  ; hearth:// links. electron-builder registers schemes on macOS and Linux alone.
  WriteRegStr SHELL_CONTEXT "Software\Classes\hearth" "" "URL:Hearth"
  WriteRegStr SHELL_CONTEXT "Software\Classes\hearth" "URL Protocol" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\hearth\DefaultIcon" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME},0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\hearth\shell\open\command" "" `"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"`
  ; Model files: Hearth stands under "Open with". The class of .gguf itself stays as it is, which electron-builder's own
  ; macro would take: which program opens a file is the person's choice.
  WriteRegNone SHELL_CONTEXT "Software\Classes\.gguf\OpenWithProgids" "Hearth.gguf"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Hearth.gguf" "" "Language model (GGUF)"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Hearth.gguf\DefaultIcon" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME},0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Hearth.gguf\shell\open\command" "" `"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"`
  !insertmacro tellTheDesktop
!macroend

!macro customUnInstall
  nsExec::Exec `powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$INSTDIR\resources\bin\path.ps1" remove "$INSTDIR\resources\bin"`
  DeleteRegKey SHELL_CONTEXT "Software\Classes\hearth"
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.gguf\OpenWithProgids" "Hearth.gguf"
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Hearth.gguf"
  !insertmacro tellTheDesktop
!macroend
