using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Omaha.Catalog;
using Omaha.Protocol;
using Omaha.Server;
using Omaha.Server.Tests;

namespace Omaha.Benchmarks;

/// <summary>A responder over a catalogue, and a body to ask it with.</summary>
internal sealed class Exchange
{
    private static readonly Responder OverFleet = ResponderOver(Catalog());

    private readonly Responder _responder;
    private readonly ReadOnlySequence<byte> _body;

    /// <summary>Takes a body and makes sure that it is answered, or refused, as it is meant to be.</summary>
    /// <param name="responder">Who answers.</param>
    /// <param name="body">The body.</param>
    /// <param name="refusal">What becomes of it.</param>
    /// <param name="inReply">Something that its reply holds.</param>
    public Exchange(Responder responder, byte[] body, Refusal refusal, string inReply = "")
    {
        _responder = responder;
        _body = new ReadOnlySequence<byte>(body);
        var answered = _responder.Answer(_body, out var reply);
        if (answered != refusal) throw new InvalidOperationException($"{answered} in place of {refusal}: {Encoding.UTF8.GetString(body)}");
        if (!Encoding.UTF8.GetString(reply.Span).Contains(inReply, StringComparison.Ordinal)) throw new InvalidOperationException($"No {inReply} in {Encoding.UTF8.GetString(reply.Span)}");
    }

    /// <summary>Asks about a fleet's catalogue.</summary>
    public Exchange(byte[] body, Refusal refusal, string inReply = "")
        : this(OverFleet, body, refusal, inReply)
    {
    }

    /// <inheritdoc cref="Exchange(byte[], Refusal, string)"/>
    public Exchange(string body, Refusal refusal, string inReply = "")
        : this(Encoding.UTF8.GetBytes(body), refusal, inReply)
    {
    }

    public Refusal Answer() => _responder.Answer(_body, out _);

    /// <summary>Everything that answers a request, over a catalogue that stays as it is.</summary>
    public static Responder ResponderOver(CatalogSnapshot snapshot) =>
        new(new FixedCatalog(snapshot), new DaystartClock(new StoppedClock(), TimeZoneInfo.Utc), new ServerMetrics(), new NoEventSink(), new LoadHold(new OverloadOptions(), NullLogger<LoadHold>.Instance));

    /// <summary>A fleet's catalogue: Flatcar, ChromeOS, and the components of a Chromium.</summary>
    public static CatalogSnapshot Catalog() => Fleet.Snapshot(
    [
        Fleet.Flatcar(), Fleet.ChromeOs(),
        .. Requests.Components.Select(id =>
        {
            var component = Fleet.Extension();
            component.App = id;
            return component;
        }),
    ]);
}
