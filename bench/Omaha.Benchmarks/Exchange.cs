using System.Buffers;
using System.Text;
using Omaha.Catalog;
using Omaha.Protocol;
using Omaha.Server;
using Omaha.Server.Tests;

namespace Omaha.Benchmarks;

/// <summary>A responder over a fleet's catalogue, and a body to ask it with.</summary>
internal sealed class Exchange
{
    private static readonly Responder Responder = new(
        new FixedCatalog(Catalog()), new DaystartClock(new StoppedClock(), TimeZoneInfo.Utc), new ServerMetrics(), new NoEventSink());

    private readonly ReadOnlySequence<byte> _body;

    /// <summary>Takes a body and makes sure that it is answered, or refused, as it is meant to be.</summary>
    /// <param name="body">The body.</param>
    /// <param name="refusal">What becomes of it.</param>
    /// <param name="inReply">Something that its reply holds.</param>
    public Exchange(byte[] body, Refusal refusal, string inReply = "")
    {
        _body = new ReadOnlySequence<byte>(body);
        var answered = Responder.Answer(_body, out var reply);
        if (answered != refusal) throw new InvalidOperationException($"{answered} in place of {refusal}: {Encoding.UTF8.GetString(body)}");
        if (!Encoding.UTF8.GetString(reply.Span).Contains(inReply, StringComparison.Ordinal)) throw new InvalidOperationException($"No {inReply} in {Encoding.UTF8.GetString(reply.Span)}");
    }

    /// <inheritdoc cref="Exchange(byte[], Refusal, string)"/>
    public Exchange(string body, Refusal refusal, string inReply = "")
        : this(Encoding.UTF8.GetBytes(body), refusal, inReply)
    {
    }

    public Refusal Answer() => Responder.Answer(_body, out _);

    private static CatalogSnapshot Catalog() => Fleet.Snapshot(
    [
        Fleet.Flatcar(), Fleet.ChromeOs(),
        .. Requests.Components.Select(id =>
        {
            var component = Fleet.Extension();
            component.App = id;
            return component;
        }),
    ]);

    /// <summary>One moment: the day's start is rendered anew each second, which is no cost of a request.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 3, 4, 20, 0, 0, TimeSpan.Zero);
    }
}
