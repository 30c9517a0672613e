"""The AWS CLI, started once for many commands.

A line in: a command's arguments, as JSON. A line out: its status, standard output and standard error, as JSON. To start it
takes half a second of CPU, to run a command a tenth of that.
"""
import contextlib
import io
import json
import subprocess
import sys

try:
    from awscli.clidriver import create_clidriver
except ImportError:
    # Version 2 is a program of its own.
    create_clidriver = None


def run_started(driver, arguments):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = driver.main(arguments)
        except SystemExit as end:
            status = end.code
    return [status or 0, out.getvalue(), err.getvalue()]


def run_anew(arguments):
    done = subprocess.run(["aws", *arguments], capture_output=True, text=True, check=False)
    return [done.returncode, done.stdout, done.stderr]


if __name__ == "__main__":
    driver = create_clidriver and create_clidriver()
    for line in sys.stdin:
        arguments = json.loads(line)
        print(json.dumps(run_started(driver, arguments) if driver else run_anew(arguments)), flush=True)
