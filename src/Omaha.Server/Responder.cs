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
/// 2. the catalogue as it is now, for the whole reply, and whether overload holds it
/// 3. each app in order: find it -> decide its check -> acknowledge its ping -> answer its check -> acknowledge its events -> answer its data
/// 4. one reply
/// </code>
/// A bad app never costs its neighbours their answer.
/// </remarks>
public sealed class Responder(ISnapshotSource catalog, DaystartClock daystart, ServerMetrics metrics, IEventSink events, LoadHold load)
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

        // 2. One snapshot and one moment for the whole reply: it is wholly old or wholly new, and wholly held or not.
        var snapshot = catalog.Current;
        if (snapshot.IsNone) return Refusal.NoCatalog;
        var today = daystart.Read(out var now);
        var exchange = new Exchange(request, snapshot, new CheckMoment(now, catalog.RampLimit), ClientKinds.Of(request), new XmlReplyWriter(scratch.Reply), scratch.Cohort, load.Draw());

        // 3. Each app in its order.
        exchange.Writer.Begin(request.Protocol, today);
        foreach (ref readonly var asked in request.Apps) AnswerApp(ref exchange, asked);

        // 4. One reply.
        exchange.Writer.End();
        reply = scratch.Reply.Written;
        return Refusal.None;
    }

    private void AnswerApp(ref Exchange exchange, in RequestedApp asked)
    {
        var id = exchange.Request[asked.Id];
        Span<byte> key = stackalloc byte[RequestLimits.AppIdBytes];
        var isPart = exchange.Bundle.HasPart(id);
        if (exchange.Bundle.IsLead(id)) exchange.LeadHolds = asked.HasUpdateCheck;
        if (!AppIds.TryNormalize(id, key, out var length)) Fail(exchange, id, "error-invalidAppId"u8, Decision.InvalidAppId);
        else if (exchange.Snapshot.Find(key[..length]) is { } app) AnswerKnown(ref exchange, app, asked, isPart);
        else if (exchange.Bundle.Exists && !exchange.Bundle.IsLead(id)) AnswerUnknownPart(exchange, asked);
        else Fail(exchange, id, "error-unknownApplication"u8, Decision.UnknownApp);
    }

    private void AnswerKnown(ref Exchange exchange, CatalogApp app, in RequestedApp asked, bool isPart)
    {
        var request = exchange.Request;
        var id = request[asked.Id];
        if (app.Restricted)
        {
            Fail(exchange, id, "restricted"u8, Decision.Restricted);
            return;
        }

        var outcome = asked.HasUpdateCheck ? DecideCheck(ref exchange, app, asked, isPart) : default;
        BeginApp(exchange, app, asked, outcome.NeedsCohort);
        if (asked.HasPing) exchange.Writer.Ping();
        if (asked.HasUpdateCheck) AnswerCheck(exchange, app, outcome);
        AcknowledgeEvents(exchange, app, asked);
        if (asked.DataCount > 0) AnswerData(exchange, app, asked);
        exchange.Writer.EndApp();
    }

    private CheckOutcome DecideCheck(ref Exchange exchange, CatalogApp app, in RequestedApp asked, bool isPart)
    {
        if (exchange.HeldFor > 0 && !Interactivity.Of(exchange.Request, asked)) return HoldForLoad(exchange, app, asked);

        var outcome = Decide.Check(exchange.Snapshot, app, exchange.Request, asked, exchange.Client, exchange.Moment);
        if (isPart && exchange.LeadHolds && outcome.Release is not null) outcome = outcome with { Decision = Decision.HeldByLead, Release = null };
        if (outcome.Release is not null && exchange.Bundle.IsLead(exchange.Request[asked.Id])) exchange.LeadHolds = false;
        if (exchange.IsCounted) metrics.Checked(outcome.Decision, outcome.NodeId, app);
        return outcome;
    }

    private CheckOutcome HoldForLoad(in Exchange exchange, CatalogApp app, in RequestedApp asked)
    {
        if (exchange.IsCounted) metrics.Checked(Decision.HeldLoad, app);
        return Decide.HoldForLoad(exchange.Snapshot, app, exchange.Request, asked, exchange.HeldFor);
    }

    /// <summary>A cohort is sent only where the client has to change its own.</summary>
    private static void BeginApp(in Exchange exchange, CatalogApp app, in RequestedApp asked, bool needsCohort)
    {
        var id = exchange.Request[asked.Id];
        if (IssuedCohort.TryAnswer(app, exchange.Request[asked.Cohort], needsCohort, exchange.Cohort, out var cohort)) exchange.Writer.BeginApp(id, "ok"u8, cohort);
        else exchange.Writer.BeginApp(id, "ok"u8);
    }

    private static void AnswerCheck(in Exchange exchange, CatalogApp app, in CheckOutcome outcome)
    {
        if (outcome.Release is not { } release) WithoutOffer(exchange, app, outcome);
        else if (outcome.IsRollback && exchange.Client == ClientKind.ChromeOs) exchange.Writer.OfferRollback(outcome.PollInterval, release.RollbackKeysXml, outcome.ManifestFor(exchange.Form));
        else exchange.Writer.Offer(outcome.PollInterval, outcome.ManifestFor(exchange.Form));
    }

    /// <summary>Every policy answer is <c>noupdate</c>. What is a fact about the machine or a fault of ours is an error to clients that show it to people; both kinds of update_engine would count it as a failed update.</summary>
    private static void WithoutOffer(in Exchange exchange, CatalogApp app, in CheckOutcome outcome)
    {
        var isEngine = exchange.Client is ClientKind.UpdateEngine or ClientKind.ChromeOs;
        switch (outcome.Decision)
        {
            case Decision.OsNotSupported when !isEngine: exchange.Writer.Error("error-osnotsupported"u8, outcome.PollInterval, app.ErrorUrlXml); break;
            case Decision.HardwareNotSupported when !isEngine: exchange.Writer.Error("error-hwnotsupported"u8, outcome.PollInterval, app.ErrorUrlXml); break;
            case Decision.MissingHash when !isEngine: exchange.Writer.Error("error-hash"u8, outcome.PollInterval, default); break;
            default: exchange.Writer.NoUpdate(outcome.PollInterval); break;
        }
    }

    private void AcknowledgeEvents(in Exchange exchange, CatalogApp app, in RequestedApp asked)
    {
        exchange.Writer.Events(asked.EventCount);
        if (!exchange.IsCounted) return;
        foreach (ref readonly var sent in exchange.Request.EventsOf(asked))
        {
            var reported = UpdateEvent.From(exchange.Request, sent, exchange.Client);
            metrics.Reported(reported);
            events.Report(app, exchange.Request, asked, sent, reported);
        }
    }

    /// <summary>Google Update fails on a data element of any other name, so unknown ones get no answer.</summary>
    private static void AnswerData(in Exchange exchange, CatalogApp app, in RequestedApp asked)
    {
        var request = exchange.Request;
        foreach (ref readonly var data in request.DataOf(asked))
        {
            var name = request[data.Name];
            if (name.SequenceEqual("untrusted"u8)) exchange.Writer.UntrustedData();
            else if (name.SequenceEqual("install"u8)) exchange.Writer.InstallData(request[data.Index], app.InstallDataXml(request[data.Index]));
        }
    }

    /// <summary>An error for one part would make ChromeOS reject the whole reply.</summary>
    private void AnswerUnknownPart(in Exchange exchange, in RequestedApp asked)
    {
        exchange.Writer.BeginApp(exchange.Request[asked.Id], "ok"u8);
        if (asked.HasPing) exchange.Writer.Ping();
        if (asked.HasUpdateCheck) exchange.Writer.NoUpdate(0);
        exchange.Writer.Events(asked.EventCount);
        exchange.Writer.EndApp();
        if (exchange.IsCounted) metrics.Checked(Decision.UnknownApp);
    }

    /// <summary>An app that cannot be answered gets its status and no children, so that clients do not mistake them for an answer.</summary>
    private void Fail(in Exchange exchange, ReadOnlySpan<byte> id, ReadOnlySpan<byte> status, Decision decision)
    {
        exchange.Writer.BeginApp(id, status);
        exchange.Writer.EndApp();
        if (exchange.IsCounted) metrics.Checked(decision);
    }

    /// <summary>What stays the same from app to app of one request.</summary>
    private ref struct Exchange(UpdateRequest request, CatalogSnapshot snapshot, CheckMoment moment, ClientKind client, XmlReplyWriter writer, Span<byte> cohort, int heldFor)
    {
        public readonly UpdateRequest Request = request;
        public readonly CatalogSnapshot Snapshot = snapshot;
        public readonly CheckMoment Moment = moment;
        public readonly ClientKind Client = client;
        public readonly XmlReplyWriter Writer = writer;

        /// <summary>Space for a cohort that is issued.</summary>
        public readonly Span<byte> Cohort = cohort;

        /// <summary>The server is overloaded: seconds until the machine asks again, unless somebody waits for the answer; 0 while it is not.</summary>
        public readonly int HeldFor = heldFor;
        public readonly AppBundle Bundle = AppBundle.Of(request, client);

        /// <summary>Which form of a manifest this client gets.</summary>
        public readonly ManifestForm Form =
            (client == ClientKind.UpdateEngine ? ManifestForm.SingleAction : ManifestForm.Common)
            | (request[request.DownloadPreference].SequenceEqual("cacheable"u8) ? ManifestForm.CacheableFirst : ManifestForm.Common);

        /// <summary>Probes and tests are answered like anyone and counted nowhere.</summary>
        public readonly bool IsCounted = request.TestSource.IsEmpty;

        /// <summary>The lead of the bundle asked for an update and has got no offer, so its parts get none.</summary>
        public bool LeadHolds = false;
    }

    /// <summary>What one thread needs for one request after another. Answering never waits, so a thread holds at most one.</summary>
    private sealed class Scratch
    {
        public UpdateRequest Request { get; } = new();

        public ReplyBuffer Reply { get; } = new();

        public byte[] Cohort { get; } = new byte[IssuedCohort.MaxBytes];
    }
}
