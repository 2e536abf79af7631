namespace Omaha.Cli;

/// <summary>Ends a run: one line on standard error for each thing that is wrong, and the exit code.</summary>
internal sealed class OmahactlException(int exitCode, params IReadOnlyList<string> lines) : Exception(string.Join(Environment.NewLine, lines))
{
    /// <summary>The control plane refused, or could not be asked.</summary>
    public const int Failed = 1;

    /// <summary>The command cannot be run as it was given.</summary>
    public const int Usage = 2;

    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Lines { get; } = lines;

    /// <summary>The refusal as the control plane wrote it, for <c>--json</c>; null when it was not asked.</summary>
    public byte[]? Json { get; init; }
}
