using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Xml;
using System.Xml.Linq;
using Microsoft.Extensions.Logging.Abstractions;
using Omaha.Protocol;
using Omaha.Protocol.Tests;
using Omaha.Server;
using Omaha.Server.Tests;
using Trace = SharpFuzz.Common.Trace;

namespace Omaha.Fuzz;

/// <summary>
/// What must hold for any bytes whatever: the reader agrees with .NET's XmlReader on what is XML and on every value, outside the limits that
/// <see cref="OracleLimits"/> lists; what it accepts is answered with well-formed XML, app by app; nothing is ever thrown, nor slow.
/// </summary>
internal sealed class RequestTarget
{
    /// <summary>A thousand times what an answer takes in the median. The largest body allowed needs a tenth of it.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>A busy machine makes some answers late, but not this many in a row.</summary>
    private const int Attempts = 10;

    /// <summary>Size of afl's map, as SharpFuzz has it.</summary>
    private const int MapBytes = 1 << 16;

    private static readonly XmlReaderSettings Strict = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    private readonly byte[] _buffer = new byte[RequestLimits.BodyBytes + 1];
    private readonly UpdateRequest _request = new();
    private readonly Responder _responder = new(
        new FixedCatalog(FuzzCatalog.Build()), new DaystartClock(new StoppedClock(), TimeZoneInfo.Utc), new ServerMetrics(), new NoEventSink(),
        new LoadHold(new OverloadOptions { Hold = false }, NullLogger<LoadHold>.Instance));

    /// <summary>A target that has taken every path once and left no trace of it: what happens the first time only, as when a buffer grows, would pass for a path of its own.</summary>
    public static unsafe RequestTarget Warm()
    {
        var target = new RequestTarget();
        foreach (var seed in Seeds.All.Values) target.Check(seed);
        new Span<byte>(Trace.SharedMem, MapBytes).Clear();
        return target;
    }

    /// <summary>Checks what a stream holds.</summary>
    public void Check(Stream stream) => Check(_buffer[..stream.ReadAtLeast(_buffer, _buffer.Length, throwOnEndOfStream: false)]);

    /// <summary>Checks one body; throws when anything is wrong with how it is read or answered.</summary>
    public void Check(byte[] body)
    {
        // The endpoint refuses a larger body without a look at it.
        if (body.Length > RequestLimits.BodyBytes) return;

        // What the last body ran through does not count for this one.
        Trace.PrevLocation = 0;

        var refusal = Answer(body, out var reply);
        _request.Load(body);
        if (refusal != XmlRequestReader.Read(_request)) Fail("the responder and the reader disagree");
        CompareWithOracle(body, refusal);
        if (refusal == Refusal.None) CheckReply(reply);
        else if (!reply.IsEmpty) Fail($"{refusal}, with a reply");
    }

    /// <summary>Answers a body, and again when that took too long, since only a slow answer is slow every time.</summary>
    private Refusal Answer(byte[] body, out ReadOnlyMemory<byte> reply)
    {
        for (var attempt = 1; ; attempt++)
        {
            var start = Stopwatch.GetTimestamp();
            var refusal = _responder.Answer(new ReadOnlySequence<byte>(body), out reply);
            var elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed < Patience) return refusal;
            if (attempt == Attempts) Fail($"the answer takes {elapsed.TotalMilliseconds:F1} ms");
        }
    }

    private void CompareWithOracle(byte[] body, Refusal refusal)
    {
        var document = Parse(body);
        if (document is null)
        {
            if (refusal is Refusal.None or Refusal.WrongRoot or Refusal.UnsupportedProtocol && !OracleLimits.MayAccept(body)) Fail($"{refusal}, but XmlReader refuses it");
            return;
        }

        var expected = Oracle.RefusalOf(document);
        if (refusal != expected)
        {
            // Of a document that has too many of several things, either may be named.
            var areBothTooMany = IsTooMany(refusal) && IsTooMany(expected);
            if (!areBothTooMany && !OracleLimits.MayRefuse(document, body, refusal)) Fail($"{refusal} in place of {expected}");
            return;
        }

        if (refusal != Refusal.None) return;
        var read = Reading.Describe(_request);
        var meant = Oracle.Describe(document);
        if (read != meant) Fail($"read as\n{read}\nin place of\n{meant}");
    }

    private static XDocument? Parse(byte[] body)
    {
        try
        {
            return Oracle.Parse(body);
        }
        catch (ArgumentOutOfRangeException)
        {
            // How XmlReader itself refuses a declaration that is not UTF-8 (.NET 10).
            return null;
        }
    }

    private static bool IsTooMany(Refusal refusal) => refusal is Refusal.TooManyApps or Refusal.TooManyEvents or Refusal.TooManyNodes;

    private void CheckReply(ReadOnlyMemory<byte> reply)
    {
        if (!reply.Span.EndsWith("</response>"u8)) Fail("the reply does not end with </response>");

        using var xml = XmlReader.Create(new MemoryStream(reply.ToArray()), Strict);
        if (xml.MoveToContent() != XmlNodeType.Element || xml.LocalName != "response") Fail("the reply is no response");
        if (xml.GetAttribute("protocol") != (_request.Protocol == ProtocolVersion.Xml31 ? "3.1" : "3.0")) Fail("the protocol is not echoed");

        var answered = 0;
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "app") continue;
            if (answered == _request.Apps.Length) Fail("the reply has more apps than the request");
            CheckApp(xml, _request.Apps[answered++]);
        }

        if (answered != _request.Apps.Length) Fail($"{answered} of {_request.Apps.Length} apps are answered");
    }

    /// <summary>The app that was asked about, with a status; when that is fine, with an answer to each thing asked.</summary>
    private void CheckApp(XmlReader xml, in RequestedApp asked)
    {
        var echoed = asked.Id.Length <= RequestLimits.AppIdBytes ? _request.Text(asked.Id) : "";
        if (xml.GetAttribute("appid") != echoed) Fail($"'{xml.GetAttribute("appid")}' is answered in place of '{echoed}'");
        var status = xml.GetAttribute("status");
        if (string.IsNullOrEmpty(status)) Fail("an app has no status");

        var (pings, checks, events) = (0, 0, 0);
        using var children = xml.ReadSubtree();
        while (children.Read())
        {
            if (children.NodeType != XmlNodeType.Element || children.Depth != 1) continue;
            if (string.IsNullOrEmpty(children.GetAttribute("status"))) Fail($"{children.LocalName} has no status");
            if (children.LocalName == "ping") pings++;
            if (children.LocalName == "updatecheck") checks++;
            if (children.LocalName == "event") events++;
        }

        var isFine = status == "ok";
        if (pings != (isFine && asked.HasPing ? 1 : 0)) Fail($"{pings} pings are answered");
        if (checks != (isFine && asked.HasUpdateCheck ? 1 : 0)) Fail($"{checks} checks are answered");
        if (events != (isFine ? asked.EventCount : 0)) Fail($"{events} of {asked.EventCount} events are acknowledged");
    }

    [DoesNotReturn]
    private static void Fail(string how) => throw new InvalidOperationException(how);

    /// <summary>One moment, so that equal requests get equal replies.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 3, 4, 20, 0, 0, TimeSpan.Zero);
    }
}
