# SPDX-FileCopyrightText: 2026 The Evalwright authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one model server for the workbench and never outlives it.

Standard input: one line with a JSON object of settings (the key among them, so that it is in no argument list, no
environment and no file); after that nothing. The end of the input means: stop. It also comes when the workbench is
killed, because its end of the connection closes with it.
Standard output: one line {"port": N, "pid": N} as soon as the port is known.
Standard error: the server's log.

Two processes: this one waits for the end of the input, the worker holds the model. Loading a model keeps Python's
lock for seconds, so the worker could not watch for itself. The kernel ends the worker if this process is killed.
"""
import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent(parent):
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # It was gone before the line above.
        os._exit(1)


def announce(port, pid):
    sys.stdout.write(json.dumps({"port": port, "pid": pid}) + "\n")
    sys.stdout.flush()


def names_pooling(path):
    """Whether a model file says how the vectors of its tokens become one; models that write text do not."""
    with open(path, "rb") as file:
        return b".pooling_type" in file.read(1 << 20)  # Of the file's metadata the model's own come first.


def run_package(settings):
    """The worker of the bundled engine; returns only with an exception."""
    sys.path.insert(0, settings["engine"])
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = settings["model"]
    params.model_alias = {settings["alias"]}
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # The kernel picks a free one.
    params.api_keys = [settings["key"]]
    params.cors_origins = "http://127.0.0.1"
    params.n_parallel = settings["slots"]
    params.n_ctx = settings["slots"] * settings["context"]
    params.cpuparams.n_threads = settings["threads"]
    params.cpuparams_batch.n_threads = settings["threads"]
    params.ui = False
    params.fit_params = False  # Would load the model twice to find out about graphics memory that is not used.
    params.cache_ram_mib = 256  # The default may take 8 GiB.
    if settings["embeddings"]:
        params.embedding = True
        if not names_pooling(settings["model"]):
            params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
        params.n_batch = params.n_ubatch = settings["context"]  # A text is read at once or refused.
    server = xllamacpp.Server(params)  # Returns when the model is loaded.
    announce(int(server.listening_address.rsplit(":", 1)[1]), os.getpid())
    while True:
        signal.pause()


def start_package(settings):
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        end_with_parent(parent)
        run_package(settings)
    except BaseException as error:  # The reason belongs into the log, not a traceback of this file.
        sys.stderr.write("%s: %s\n" % (type(error).__name__, error))
        sys.stderr.flush()
    os._exit(1)


def start_llama_server(settings):
    """A llama-server program of the person's own. Returns the process number."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # The program reads its key from a file; this one exists in memory only.
    key = os.memfd_create("key", 0)
    os.write(key, settings["key"].encode() + b"\n")
    parent = os.getpid()
    arguments = [
        settings["program"],
        "--model", settings["model"],
        "--alias", settings["alias"],
        "--host", "127.0.0.1",
        "--port", str(port),
        "--api-key-file", "/proc/self/fd/%d" % key,
        "--parallel", str(settings["slots"]),
        "--ctx-size", str(settings["slots"] * settings["context"]),
        "--threads", str(settings["threads"]),
    ]
    if settings["embeddings"]:
        arguments += ["--batch-size", str(settings["context"]), "--ubatch-size", str(settings["context"])]
        arguments += [] if names_pooling(settings["model"]) else ["--pooling", "mean"]
        arguments.append("--embeddings")
    process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=sys.stderr, pass_fds=(key,),
                               preexec_fn=lambda: end_with_parent(parent))
    os.close(key)
    announce(port, process.pid)
    return process.pid


def main():
    settings = json.loads(sys.stdin.buffer.readline())
    start = start_llama_server if settings["kind"] == "llama-server" else start_package
    worker = start(settings)
    ended = os.pidfd_open(worker)
    while True:
        ready, _, _ = select.select([sys.stdin.fileno(), ended], [], [])
        if ended in ready:
            _, status = os.waitpid(worker, 0)
            return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        if not os.read(sys.stdin.fileno(), 4096):
            # Nothing is lost: the server keeps no files.
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)
            return 0


if __name__ == "__main__":
    sys.exit(main())
