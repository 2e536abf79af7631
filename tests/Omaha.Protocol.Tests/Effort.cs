namespace Omaha.Protocol.Tests;

/// <summary>How many cases a generated test tries: few by default, as many as the environment says to search for long.</summary>
internal static class Effort
{
    public static long Of(long usual) => long.TryParse(Environment.GetEnvironmentVariable("CsCheck_Iter"), out var asked) ? asked : usual;
}
