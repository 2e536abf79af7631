using System.Globalization;

namespace Omaha.Server.Tests;

/// <summary>The time that a reply says to wait.</summary>
internal static class RetryTime
{
    public static int In(string reply, string header)
    {
        var line = reply.Split("\r\n").Single(line => line.StartsWith(header + ": ", StringComparison.Ordinal));
        return int.Parse(line[(header.Length + 2)..], CultureInfo.InvariantCulture);
    }
}
