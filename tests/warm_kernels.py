"""Kernels for nbval that need not import everything anew: each is forked from one process that has imported it.

A kernel takes two seconds to begin, nearly all of it the import of packages. Each notebook still has a process of
its own, in which nothing of another has run; the library of the book is not imported beforehand.

python warm_kernels.py serve SOCKET            # waits for kernels to be asked for, until its input ends
python warm_kernels.py SOCKET -f CONNECTION    # is to its manager the kernel that it asks for
"""

import contextlib
import json
import os
import signal
import socket
import sys

PACKAGES = ("ipykernel.kernelapp", "altair", "pandas", "pybtex.database", "scipy.optimize", "scipy.stats", "vl_convert")
OF_THIS_SCRIPT = "JPY_PARENT_PID"  # a kernel would end where its parent is not the one that is named here


def for_nbval():
    """Let nbval have such kernels; the process is begun with the first of them, and ended by what this gives."""
    import subprocess
    import tempfile

    from nbval.kernel import NbvalKernelspecManager as Specs

    usual, begun = Specs.get_kernel_spec, []
    folder = tempfile.TemporaryDirectory()
    address = f"{folder.name}/socket"

    def spec(manager, name):
        if not begun:
            command = [sys.executable, __file__, "serve", address]
            begun.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
            assert begun[0].stdout.readline() == b"ready\n", "there is no process to fork kernels from"
        found = usual(manager, name)
        found.argv = [sys.executable, "-S", __file__, address, "-f", "{connection_file}"]
        return found

    def end():
        Specs.get_kernel_spec = usual
        for process in begun:
            process.communicate()
        folder.cleanup()

    Specs.get_kernel_spec = spec
    return end


def serve(path):
    """Fork a kernel for whoever asks, until nobody is left who could."""
    import gc
    import importlib
    import threading

    for name in PACKAGES:
        importlib.import_module(name)
    sys.path.pop(0)  # the folder of this script
    gc.freeze()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen()
    print("ready", flush=True)

    def reap():
        with contextlib.suppress(ChildProcessError):  # there was none
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass

    def ended():
        sys.stdin.read()
        reap()
        os._exit(0)

    # Begun only now: a thread that runs while modules are imported could hold a lock in a fork.
    threading.Thread(target=ended, daemon=True).start()
    while True:
        asking, _ = listening.accept()
        reap()
        told, files, _, _ = socket.recv_fds(asking, 1 << 20, 2)
        if not (number := os.fork()):
            listening.close()
            be_the_kernel(asking, files, **json.loads(told))
        asking.sendall(str(number).encode())
        asking.close()
        for one in files:
            os.close(one)


def be_the_kernel(asking, files, arguments, folder, variables):
    """The forked process, which ends when whoever asked for it does."""
    import threading

    from ipykernel import kernelapp

    for place, one in zip((1, 2), files):
        os.dup2(one, place)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(variables)
    os.environ.pop(OF_THIS_SCRIPT, None)
    os.chdir(folder)

    def ended():
        while asking.recv(1):
            pass
        os._exit(0)

    threading.Thread(target=ended, daemon=True).start()
    sys.argv = ["ipykernel_launcher", *arguments]
    kernelapp.launch_new_instance(argv=arguments)
    os._exit(0)


def ask(path, arguments):
    """Ask for a kernel, pass a Ctrl+C on to it, and end when it ends."""
    asked = socket.socket(socket.AF_UNIX)
    asked.connect(path)
    told = {"arguments": arguments, "folder": os.getcwd(), "variables": dict(os.environ)}
    socket.send_fds(asked, [json.dumps(told).encode()], [1, 2])
    number = int(asked.recv(100))
    signal.signal(signal.SIGINT, lambda *_: os.kill(number, signal.SIGINT))
    while asked.recv(1):
        pass


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        ask(sys.argv[1], sys.argv[2:])
