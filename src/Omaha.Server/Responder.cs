using System.Buffers;
using Omaha.Catalog;
using Omaha.Protocol;

namespace Omaha.Server;

/// <summary>
/// The hot path, top to bottom: bytes of a request in, bytes of its reply out. Allocates nothing, never waits, and never throws for
/// anything that a client can send.
/// </summary>
/// <remarks>
/// <code>
/// 1. body bytes -> one request, or a refusal
/// 2. the catalogue as it is now, for the whole reply
/// 3. each app in order: find it -> acknowledge its ping -> decide its check -> acknowledge its events
/// 4. one reply
/// </code>
/// A bad app never costs its neighbours their answer.
/// </remarks>
public sealed class Responder(ISnapshotSource catalog, DaystartClock daystart, ServerMetrics metrics)
{
    [ThreadStatic]
    private static Scratch? t_scratch;

    /// <summary>Answers one request body.</summary>
    /// <param name="body">The whole body, at most <see cref="RequestLimits.BodyBytes"/>.</param>
    /// <param name="reply">The reply. It lies in a buffer of this thread: send or copy it before anything else is answered here.</param>
    /// <returns><see cref="Refusal.None"/>, or why there is no reply.</returns>
    public Refusal Answer(in ReadOnlySequence<byte> body, out ReadOnlyMemory<byte> reply)
    {
        var scratch = t_scratch ??= new Scratch();
        var request = scratch.Request;
        reply = default;

        // 1. Parse, or refuse the request as a whole.
        request.Load(body);
        var refusal = XmlRequestReader.Read(request);
        if (refusal != Refusal.None) return refusal;

        // 2. One snapshot for the whole reply: it is wholly old or wholly new.
        var snapshot = catalog.Current;

        // 3. Each app in its order.
        var writer = new XmlReplyWriter(scratch.Reply);
        writer.Begin(request.Protocol, daystart.Xml);
        var counted = request.TestSource.IsEmpty;
        foreach (ref readonly var asked in request.Apps) AnswerApp(writer, snapshot, request, asked, counted);

        // 4. One reply.
        writer.End();
        reply = scratch.Reply.Written;
        return Refusal.None;
    }

    private void AnswerApp(XmlReplyWriter writer, CatalogSnapshot snapshot, UpdateRequest request, in RequestedApp asked, bool counted)
    {
        var id = request[asked.Id];
        Span<byte> key = stackalloc byte[RequestLimits.AppIdBytes];
        if (!AppIds.TryNormalize(id, key, out var length))
        {
            Fail(writer, id, "error-invalidAppId"u8, Decision.InvalidAppId, counted);
            return;
        }

        if (snapshot.Find(key[..length]) is not { } app)
        {
            Fail(writer, id, "error-unknownApplication"u8, Decision.UnknownApp, counted);
            return;
        }

        writer.BeginApp(id, "ok"u8);
        if (asked.HasPing) writer.Ping();
        if (asked.HasUpdateCheck)
        {
            var outcome = Decide.Check(snapshot, app, request, asked);
            if (outcome.Release is { } release) writer.Offer(outcome.PollInterval, release.ManifestXml);
            else writer.NoUpdate(outcome.PollInterval);
            if (counted) metrics.Checked(outcome.Decision, app);
        }

        writer.Events(asked.EventCount);
        if (asked.DataCount > 0) AnswerData(writer, request, asked);
        writer.EndApp();
    }

    /// <summary>An app that cannot be answered gets its status and no children, so that clients do not mistake them for an answer.</summary>
    private void Fail(XmlReplyWriter writer, ReadOnlySpan<byte> id, ReadOnlySpan<byte> status, Decision decision, bool counted)
    {
        writer.BeginApp(id, status);
        writer.EndApp();
        if (counted) metrics.Checked(decision);
    }

    /// <summary>Google Update fails on a data element of any other name, so unknown ones get no answer.</summary>
    private static void AnswerData(XmlReplyWriter writer, UpdateRequest request, in RequestedApp asked)
    {
        foreach (ref readonly var data in request.DataOf(asked))
        {
            var name = request[data.Name];
            if (name.SequenceEqual("untrusted"u8)) writer.UntrustedData();
            else if (name.SequenceEqual("install"u8)) writer.NoInstallData(request[data.Index]);
        }
    }

    /// <summary>What one thread needs for one request after another. Answering never waits, so a thread holds at most one.</summary>
    private sealed class Scratch
    {
        public UpdateRequest Request { get; } = new();

        public ReplyBuffer Reply { get; } = new();
    }
}
