@echo off
rem Plain ASCII: cmd.exe would read anything else in the code page of the moment.
setlocal
for /f "tokens=2 delims=:." %%c in ('chcp') do set "codepage=%%c"
chcp 65001 >nul
set "found="
for %%v in (3.13 3.12 3.14 3.11) do if not defined found py -%%v -I -c "" >nul 2>nul && set "found=py -%%v"
if not defined found python -I -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "found=python"
if not defined found goto missing
%found% -I -X utf8 "%~dp0install.py" %*
set "code=%errorlevel%"
goto end
:missing
type "%~dp0no-python.txt"
set "code=3"
:end
pause
chcp %codepage% >nul
exit /b %code%
