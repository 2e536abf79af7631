using System.Runtime.InteropServices;
using Omaha.Load;

// Replies are taken by the thread that waits for them, which saves a change of threads for each. Read once, before the first socket.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

using var interrupted = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await LoadProgram.RunAsync(args, Console.Out, Console.Error, interrupted.Token);

// The first signal ends the run with what it has; a second one ends the program.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}
