namespace Omaha.Server;

/// <summary>
/// Answers requests on the thread that hears of them, instead of handing each to the thread pool and back: a third of the CPU time of a small
/// request. Right where nothing on the way to a reply ever waits, as here.
/// </summary>
/// <remarks>
/// The runtime has a switch for the whole process, and reads it when the first socket is made. So this is for the server as a program of
/// its own; hosts inside another program would impose it on everything there that does wait.
/// </remarks>
internal static class InlineSockets
{
    /// <summary>The setting.</summary>
    public const string Key = "Server:InlineSockets";

    private const string Switch = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Sets the switch of this process; to be called before it makes a socket.</summary>
    public static void EnableForProcess() => Environment.SetEnvironmentVariable(Switch, "1");
}
