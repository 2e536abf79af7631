namespace Omaha.Load;

/// <summary>Ends a command: one line on standard error for each thing that is wrong, and the exit code.</summary>
internal sealed class LoadException(int exitCode, string message) : Exception(message)
{
    /// <summary>The server could not be asked or did not answer as it should, or the run was cut short.</summary>
    public const int Failed = 1;

    /// <summary>The command cannot be run as it was given.</summary>
    public const int Usage = 2;

    public int ExitCode { get; } = exitCode;
}
