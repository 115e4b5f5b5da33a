@echo off
rem The command `hearth` of an installed Hearth: see the shell script beside it. A batch file waits for a windowed program.
"%~dp0..\..\Hearth.exe" --command --no-sandbox --log-level=3 -- %*
