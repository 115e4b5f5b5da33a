; The command `hearth` on the person's PATH (HKCU), for the time Hearth is installed. PowerShell does it, as NSIS cuts
; strings off at 1024 characters, and a PATH is often longer.
!macro customInstall
  nsExec::Exec `powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$INSTDIR\resources\bin\path.ps1" add "$INSTDIR\resources\bin"`
!macroend

!macro customUnInstall
  nsExec::Exec `powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$INSTDIR\resources\bin\path.ps1" remove "$INSTDIR\resources\bin"`
!macroend
