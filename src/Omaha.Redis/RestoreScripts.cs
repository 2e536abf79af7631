namespace Omaha.Redis;

/// <summary>The scripts of a restore; see <see cref="CatalogScripts"/> for what all scripts have in common.</summary>
internal static class RestoreScripts
{
    /// <summary>Takes the head away, if the store is still as it was looked at. Answers 1; 0 when it is not.</summary>
    /// <remarks>KEYS: restoring, head, audit number. ARGV: id of the restore, expected head or "", expected number.</remarks>
    public const string Begin =
        """
        if (redis.call('GET', KEYS[2]) or '') ~= ARGV[2] or tostring(redis.call('GET', KEYS[3]) or '0') ~= ARGV[3] then return 0 end
        redis.call('SET', KEYS[1], ARGV[1])
        redis.call('DEL', KEYS[2])
        return 1
        """;

    /// <summary>Carries out some commands of a restore. Answers 1; 0 when another restore has begun.</summary>
    /// <remarks>KEYS: restoring, then the key of each command. ARGV: id of the restore, then name and two arguments of each command; an argument that is "" is not given.</remarks>
    public const string Batch =
        """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        for i = 2, #KEYS do
            local name, one, other = ARGV[3 * i - 4], ARGV[3 * i - 3], ARGV[3 * i - 2]
            if other ~= '' then redis.call(name, KEYS[i], one, other)
            elseif one ~= '' then redis.call(name, KEYS[i], one)
            else redis.call(name, KEYS[i]) end
        end
        return 1
        """;

    /// <summary>Ends a restore: brakes, tokens, audit and head change at once. Answers 1; 0 when another restore has begun, -1 when something else was done meanwhile.</summary>
    /// <remarks>
    /// KEYS: restoring, head, changes, brakes, tokens, audit number, audit, restoring audit, forms of the brakes.
    /// ARGV: id of the restore, expected number, new head, revision, log entry, channel, brakes ("" for none), number, audit entry, whether the
    /// restoring audit takes the audit's place (1 or 0), form of the brakes; then id and JSON of each token.
    /// </remarks>
    public const string Commit =
        """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        if tostring(redis.call('GET', KEYS[6]) or '0') ~= ARGV[2] then return -1 end

        redis.call('SET', KEYS[6], ARGV[8])
        if ARGV[10] == '1' then
            redis.call('DEL', KEYS[7])
            if redis.call('EXISTS', KEYS[8]) == 1 then redis.call('RENAME', KEYS[8], KEYS[7]) end
        end
        redis.call('ZADD', KEYS[7], ARGV[8], ARGV[9])
        if ARGV[7] ~= '' then redis.call('SET', KEYS[4], ARGV[7]) else redis.call('DEL', KEYS[4]) end
        redis.call('ZADD', KEYS[9], ARGV[8], ARGV[11])
        redis.call('DEL', KEYS[5])
        for i = 12, #ARGV, 2 do redis.call('HSET', KEYS[5], ARGV[i], ARGV[i + 1]) end
        redis.call('DEL', KEYS[3])
        redis.call('ZADD', KEYS[3], ARGV[4], ARGV[5])
        redis.call('SET', KEYS[2], ARGV[3])
        redis.call('DEL', KEYS[1])
        redis.call('PUBLISH', ARGV[6], ARGV[3])
        return 1
        """;
}
