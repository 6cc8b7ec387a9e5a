"""
What runs inside a Python function's process: speaks the Lambda Runtime API (RS 4.1 to 4.3) and calls the user's
handler the way the managed Python runtimes do (RS 4.16). Needs nothing but Python's own library, 3.8 or newer.
"""

import builtins
import http.client
import importlib
import json
import os
import signal
import sys
import threading
import time
import traceback

BASE = "/2018-06-01/runtime"

# Descriptor whose other end the tool holds: when it closes, the tool is gone.
LIFELINE_FD = 3

LEADER = os.getpid()

# What only this process and what it starts have in their environments.
MARK = f"AWS_LAMBDA_RUNTIME_API={os.environ['AWS_LAMBDA_RUNTIME_API']}".encode()


class RuntimeApi:
    """Calls of the Runtime API over one connection. When the API is gone or says 500, so is the reason to live."""

    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address)

    def call(self, method, path, body=None, headers=None):
        try:
            self.connection.request(method, BASE + path, body, headers or {})
            response = self.connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            end_all()
        if response.status == 500:
            end_all()
        return response.headers, content


class Context:
    """The second argument of a handler."""

    def __init__(self, headers):
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.invoked_function_arn = headers["lambda-runtime-invoked-function-arn"]
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.client_context = None
        self.identity = None
        self._deadline_ms = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


class RuntimeFault(Exception):
    """An error that the runtime itself reports, by the name that it reports it under."""

    def __init__(self, kind, says):
        super().__init__(says)
        self.kind = kind


def main():
    end_with_tool()
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load_handler(os.environ.get("LAMBDA_TASK_ROOT", os.getcwd()), os.environ.get("_HANDLER", ""))
    except RuntimeFault as error:
        give_up(api, fault(error))
    except Exception as error:
        give_up(api, report_of(error))
    while True:
        handle_next(api, handler)


def give_up(api, report):
    print("init\tERROR\t" + json.dumps(report), file=sys.stderr, flush=True)
    api.call("POST", "/init/error", json.dumps(report))
    os._exit(1)


def handle_next(api, handler):
    headers, body = api.call("GET", "/invocation/next")
    request_id = headers["lambda-runtime-aws-request-id"]
    os.environ["_X_AMZN_TRACE_ID"] = headers.get("lambda-runtime-trace-id", "")
    try:
        answer = marshalled(handler(json.loads(body), Context(headers)))
    except RuntimeFault as error:
        return report(api, request_id, fault(error))
    # What is no Exception, as sys.exit, ends the process as in any other program.
    except Exception as error:
        return report(api, request_id, report_of(error))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    api.call("POST", f"/invocation/{request_id}/response", answer)


def marshalled(result):
    try:
        return json.dumps(result, ensure_ascii=False).encode("utf-8", "surrogatepass")
    except Exception as error:
        raise RuntimeFault("Runtime.MarshalError", f"Unable to marshal response: {error}")


def report(api, request_id, what):
    what = {**what, "requestId": request_id}
    print(f"{request_id}\tERROR\t{json.dumps(what)}", file=sys.stderr, flush=True)
    api.call("POST", f"/invocation/{request_id}/error", json.dumps(what))


def fault(error):
    return {"errorType": error.kind, "errorMessage": str(error), "stackTrace": []}


def report_of(error):
    frames = traceback.format_list(traceback.extract_tb(error.__traceback__)[1:])
    return {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": frames}


def load_handler(root, name):
    """The function that a handler string names: module up to the last dot, slashes are dots (RS 4.16)."""
    module_name, dot, function_name = name.rpartition(".")
    if dot == "" or module_name == "":
        raise RuntimeFault("Runtime.MalformedHandlerName", f"Bad handler '{name}': not enough values to unpack")
    module_name = module_name.replace("/", ".")
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise RuntimeFault("Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module")
    sys.path.insert(0, root)
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise RuntimeFault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}")
    except SyntaxError as error:
        raise RuntimeFault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}")
    handler = getattr(module, function_name, None)
    if handler is None:
        raise RuntimeFault("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'")
    return handler


def end_all():
    """
    Ends this process and what it has started; where there is /proc also what has left the group: whoever has this
    process's Runtime API in its environment. A copy by fork ends itself alone.
    """
    if os.getpid() != LEADER:
        os._exit(1)
    for name in os.listdir("/proc") if os.path.isdir("/proc") else []:
        if name.isdigit() and int(name) != os.getpid() and is_ours(name):
            try:
                os.kill(int(name), signal.SIGKILL)
            except OSError:
                pass
    os.killpg(os.getpid(), signal.SIGKILL)


def is_ours(pid):
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return MARK in file.read().split(b"\0")
    except OSError:
        return False


def end_with_tool():
    """Ends all when the tool ends, however it ends."""

    def watch():
        try:
            while os.read(LIFELINE_FD, 1024):
                pass
        except OSError:
            pass
        end_all()

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    # What the code prints belongs to the log as soon as it is printed.
    sys.stdout.reconfigure(line_buffering=True)
    builtins.exit = builtins.quit = sys.exit
    main()
