# Adds a folder to the person's PATH, or takes it off: path.ps1 add|remove FOLDER. What else is there stays as it is,
# its %variables% unexpanded.
param([Parameter(Mandatory)][ValidateSet('add', 'remove')][string]$What, [Parameter(Mandatory)][string]$Folder)
$key = [Microsoft.Win32.Registry]::CurrentUser.OpenSubKey('Environment', $true)
$old = $key.GetValue('Path', '', [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
$others = @($old -split ';' | Where-Object { $_ -ne '' -and $_ -ne $Folder })
$new = if ($What -eq 'add') { $others + $Folder } else { $others }
$key.SetValue('Path', ($new -join ';'), [Microsoft.Win32.RegistryValueKind]::ExpandString)
# Programs that run are told by a change of any variable made through .NET.
[Environment]::SetEnvironmentVariable('HEARTH_PATH_CHANGED', $null, 'User')
