using Omaha.Protocol;

namespace Omaha.Server;

/// <summary>The daystart element of this second, rendered once and shared by all requests.</summary>
public sealed class DaystartClock(TimeProvider time, TimeZoneInfo zone)
{
    private Rendered _rendered = new(-1, []);

    /// <summary>The element as it is now, and what time that is: a request is answered by one look at the clock.</summary>
    public ReadOnlySpan<byte> Read(out DateTimeOffset now)
    {
        now = time.GetUtcNow();
        var second = now.UtcTicks / TimeSpan.TicksPerSecond;
        var rendered = Volatile.Read(ref _rendered);
        if (rendered.Second == second) return rendered.Xml;

        rendered = new Rendered(second, XmlReplyWriter.RenderDaystart(Daystart.At(now, zone)));
        Volatile.Write(ref _rendered, rendered);
        return rendered.Xml;
    }

    private sealed record Rendered(long Second, byte[] Xml);
}
