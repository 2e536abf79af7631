using System.Text;
using Omaha.Protocol;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>Every key and channel in the store.</summary>
/// <remarks>
/// <para>
/// All keys share the hash tag <c>{omaha}</c>, so that one script can make a change and record it, whatever becomes of the process that sent it.
/// Keys of the catalogue begin with the tag, those of the control plane do not: the account of the servers may read <c>{omaha}:*</c>, which
/// leaves tokens and audit out. Under Redis Cluster the tag is one hash slot: the cluster gives availability, not size.
/// </para>
/// <list type="table">
/// <item><term><c>{omaha}:head</c></term><description>string: the version, <c>epoch:revision:changeId</c>. Absent: the store is lost, or was never initialised.</description></item>
/// <item><term><c>{omaha}:brakes</c></term><description>string: JSON of the brakes over all apps. Absent: no brake.</description></item>
/// <item><term><c>{omaha}:accepted</c></term><description>string: id of the last <c>store accept</c>: when it was given, and something random.</description></item>
/// <item><term><c>{omaha}:apps</c></term><description>sorted set, every score 0: the normalised ids of all apps.</description></item>
/// <item><term><c>{omaha}:app:ID</c></term><description>string: JSON of the app's document.</description></item>
/// <item><term><c>{omaha}:previous:ID</c></term><description>string: the document before the last change to it, also of a deleted app.</description></item>
/// <item><term><c>{omaha}:changes</c></term><description>sorted set, score = revision: one <see cref="ChangeEntry"/> for each of the last 10 000 changes.</description></item>
/// <item><term><c>control:{omaha}:tokens</c></term><description>hash: token id to JSON, <see cref="StoredToken"/>.</description></item>
/// <item><term><c>control:{omaha}:audit</c></term><description>sorted set, score = number: one <see cref="AuditLine"/> for each thing that was done, as long as it is kept.</description></item>
/// <item><term><c>control:{omaha}:audit:number</c></term><description>string: number of the last entry of the audit.</description></item>
/// <item><term><c>control:{omaha}:audit:apps</c></term><description>sorted set, every score 0: the normalised ids of all apps that have recorded forms, also of deleted ones.</description></item>
/// <item><term><c>control:{omaha}:audit:app:ID</c></term><description>sorted set, score = number of the entry: the app's document after it, number, a space, and an <see cref="AuditForm"/>.</description></item>
/// <item><term><c>control:{omaha}:audit:brakes</c></term><description>the same for the brakes over all apps.</description></item>
/// <item><term><c>control:{omaha}:restoring</c></term><description>string: random id of a restore that has begun and not ended. As long as it is there, nothing else begins an epoch.</description></item>
/// <item><term><c>control:{omaha}:restoring:audit</c></term><description>the audit as it will be after the restore.</description></item>
/// <item><term>channel <c>omaha:changes</c></term><description>a hint that something may be new; the message is the head. Nothing depends on its arrival.</description></item>
/// </list>
/// </remarks>
internal static class CatalogKeys
{
    /// <summary>How many changes the log keeps. A replica that missed more loads everything.</summary>
    public const int ChangesKept = 10_000;

    public static readonly RedisKey Head = "{omaha}:head";
    public static readonly RedisKey Brakes = "{omaha}:brakes";
    public static readonly RedisKey Accepted = "{omaha}:accepted";
    public static readonly RedisKey Apps = "{omaha}:apps";
    public static readonly RedisKey Changes = "{omaha}:changes";
    public static readonly RedisKey Tokens = "control:{omaha}:tokens";
    public static readonly RedisKey Audit = "control:{omaha}:audit";
    public static readonly RedisKey AuditNumber = "control:{omaha}:audit:number";
    public static readonly RedisKey AuditedApps = "control:{omaha}:audit:apps";
    public static readonly RedisKey BrakesForms = "control:{omaha}:audit:brakes";
    public static readonly RedisKey Restoring = "control:{omaha}:restoring";
    public static readonly RedisKey RestoringAudit = "control:{omaha}:restoring:audit";

    public static readonly RedisChannel Hint = RedisChannel.Literal("omaha:changes");

    public static RedisKey App(string normalizedId) => "{omaha}:app:" + normalizedId;

    public static RedisKey Previous(string normalizedId) => "{omaha}:previous:" + normalizedId;

    public static RedisKey Forms(string normalizedId) => "control:{omaha}:audit:app:" + normalizedId;

    /// <summary>The id that an app is stored under.</summary>
    /// <exception cref="ArgumentException">It is no app id, or one whose normalised form reads as a spelling of another app's id (<c>{{a}}</c>).</exception>
    public static string Normalize(string? id)
    {
        var normalized = AppIds.Normalize(id ?? "");
        return IsNormalized(normalized) ? normalized : throw new ArgumentException($"The app id '{id}' stays a spelling of another id without its outer braces and spaces.", nameof(id));
    }

    /// <summary>Whether an id is its own normalised form.</summary>
    public static bool IsNormalized(string id)
    {
        Span<byte> normalized = stackalloc byte[RequestLimits.AppIdBytes];
        var bytes = Encoding.UTF8.GetBytes(id);
        return AppIds.TryNormalize(bytes, normalized, out var written) && normalized[..written].SequenceEqual(bytes);
    }
}
