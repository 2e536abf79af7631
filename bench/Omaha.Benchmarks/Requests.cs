using System.Text;
using Omaha.Protocol;
using Omaha.Server.Tests;

namespace Omaha.Benchmarks;

/// <summary>Requests as clients send them.</summary>
internal static class Requests
{
    /// <summary>As many components as a Chromium asks about at once.</summary>
    private const int ComponentCount = 30;

    /// <summary>Their ids, 32 letters each.</summary>
    public static readonly string[] Components = [.. Enumerable.Range(0, ComponentCount).Select(i => new string((char)('a' + (i % 16)), 30) + (char)('a' + (i / 16)) + "p")];

    /// <summary>A scheduled check of a Flatcar machine, about 700 bytes.</summary>
    public static string Flatcar { get; } = Fleet.FlatcarCheck();

    public static string FlatcarCurrent { get; } = Fleet.FlatcarCheck("4081.3.1");

    public static string FlatcarUpdated { get; } = Fleet.FlatcarUpdatedCheck();

    public static string FlatcarUnknownApp { get; } = Fleet.FlatcarCheck(id: "{00000000-0000-4000-8000-000000000000}");

    public static string ChromeOs { get; } = Fleet.ChromeOsCheck();

    /// <summary>A Chromium asking about all of its components, about 9 KiB.</summary>
    public static string Chromium { get; } = Fleet.ChromiumCheck(Components);

    /// <summary>A content between two tags as often as it fits into the largest body, or as often as is asked.</summary>
    public static string Filling(string start, int times, string content, string end)
    {
        var room = RequestLimits.BodyBytes - Encoding.UTF8.GetByteCount(start) - Encoding.UTF8.GetByteCount(end);
        return start + new StringBuilder().Insert(0, content, Math.Min(times, room / Encoding.UTF8.GetByteCount(content))) + end;
    }

    /// <inheritdoc cref="Filling(string, int, string, string)"/>
    public static string Filling(string start, string content, string end) => Filling(start, int.MaxValue, content, end);
}
