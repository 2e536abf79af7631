using Omaha.Catalog;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>The small part of the store that says whether anything is new. It is read at once, and all that a poll reads while nothing is.</summary>
/// <param name="Version">Which state the store is in; <see cref="StoreVersion.None"/> when it was lost or never initialised.</param>
/// <param name="Brakes">The brakes in force. A value that cannot be read brakes everything, since it may have been meant to.</param>
/// <param name="Acceptance">Random id of the last <c>store accept</c>; null when there was none.</param>
/// <param name="Fault">What is wrong with the head or the brakes; null when nothing is.</param>
public sealed record StoreHead(StoreVersion Version, Brakes Brakes, string? Acceptance, Fault? Fault)
{
    /// <summary>Who is said to have braked when the brakes cannot be read.</summary>
    public const string UnreadableBrakes = "unreadable brakes key";

    // The head before and after: Garnet reads several keys one after the other, and a change may come between two of them. A key of another type reads as absent.
    internal static readonly RedisKey[] Keys = [CatalogKeys.Head, CatalogKeys.Brakes, CatalogKeys.Accepted, CatalogKeys.Head];

    /// <summary>What was read with <see cref="Keys"/>.</summary>
    /// <returns>Null when the store changed while it was read.</returns>
    internal static StoreHead? From(RedisValue[] values)
    {
        if (values[0] != values[3]) return null;
        var brakes = ReadBrakes(values[1], out var fault);
        var version = ReadVersion(values[0], ref fault);
        return new StoreHead(version, brakes, values[2], fault);
    }

    internal static StoreVersion ReadVersion(RedisValue value) => StoreVersion.TryParse(value, out var version) ? version : StoreVersion.None;

    private static StoreVersion ReadVersion(RedisValue value, ref Fault? fault)
    {
        if (value.IsNull || StoreVersion.TryParse(value, out _)) return ReadVersion(value);
        fault ??= new Fault("head", "is no epoch:revision:changeId, so the store counts as lost");
        return StoreVersion.None;
    }

    private static Brakes ReadBrakes(RedisValue value, out Fault? fault)
    {
        fault = null;
        return value.IsNull ? Brakes.None : ReadBrakes((byte[])value!, out fault);
    }

    /// <summary>Brakes as they are stored.</summary>
    internal static Brakes ReadBrakes(ReadOnlySpan<byte> json, out Fault? fault)
    {
        fault = null;
        var brakes = DocumentJson.ReadBrakes(json, out var unreadable);

        // A key that we do not know may be a brake of a later version: then the whole fleet waits for servers that know it.
        var unknown = brakes?.UnknownKeys?.Keys.FirstOrDefault();
        var wrong = unreadable?.ToString() ?? (unknown is null ? brakes!.Check() : $"\"{unknown}\" is no brake that this version knows");
        if (wrong is null) return brakes!;

        fault = new Fault("brakes", wrong);
        return new Brakes { PauseAll = new Mark { By = UnreadableBrakes, Reason = fault.Message } };
    }
}
