using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Tells why a machine is answered as it is, by asking the rules that answer it and listening to them.</summary>
public static class Explain
{
    /// <summary>Explains the answer to the machine of a query.</summary>
    /// <param name="snapshot">The catalogue as it is, or was at that time.</param>
    /// <param name="query">The machine.</param>
    /// <param name="at">When it asks.</param>
    /// <exception cref="ArgumentException">A value of the query cannot be sent by any machine, such as one with control characters.</exception>
    public static Explanation Of(CatalogSnapshot snapshot, ExplainQuery query, DateTimeOffset at)
    {
        var body = query.ToRequest();
        var request = new UpdateRequest();
        var refusal = Refusal.BodyTooLarge;
        if (body.Length <= RequestLimits.BodyBytes)
        {
            request.Load(body);
            refusal = XmlRequestReader.Read(request);
        }

        if (refusal != Refusal.None) throw new ArgumentException($"No machine can ask like that: the request would be refused ({refusal}). Leave out control characters, and values of more than {RequestLimits.ValueBytes} bytes.", nameof(query));
        return Of(snapshot, request, 0, at);
    }

    /// <summary>Explains the answer to one app of a request. A part of a ChromeOS bundle is explained as if it stood alone.</summary>
    public static Explanation Of(CatalogSnapshot snapshot, UpdateRequest request, int index, DateTimeOffset at)
    {
        ref readonly var asked = ref request.Apps[index];
        Span<byte> key = stackalloc byte[RequestLimits.AppIdBytes];
        if (!AppIds.TryNormalize(request[asked.Id], key, out var length)) return Without(Decision.InvalidAppId, "the id is missing, empty or unusable");
        if (snapshot.Find(key[..length]) is not { } app) return Without(Decision.UnknownApp, "no app has this id or alias");
        if (app.Restricted) return Without(Decision.Restricted, "the app is restricted in its spec");
        if (app.Standing == AppStanding.Unsupported) return Without(Decision.Unsupported, "the app requires a feature that this version lacks");
        if (app.Standing == AppStanding.Unreadable) return Without(Decision.Unreadable, "the app's document has faults");

        var trace = new ExplainTrace(at, request[asked.Version]);
        var outcome = Decide.Check(ref trace, snapshot, app, request, asked, ClientKinds.Of(request), NodeId.Of(request, asked), new CheckMoment(at));
        var version = outcome.Release?.Spec.Version;
        return new Explanation(outcome.Decision, version, version is null ? $"no update ({outcome.Decision}): {trace.ReasonFor(outcome.Decision)}" : $"{version} is offered{(outcome.IsRollback ? ", which is lower" : "")}", trace.Rules);
    }

    private static Explanation Without(Decision decision, string words) => new(decision, null, $"no update ({decision}): {words}", [new ExplainedRule("app", words)]);
}
