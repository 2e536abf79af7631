namespace Omaha.Redis;

/// <summary>The scripts that change the catalogue, in the Lua that Redis 7, Valkey and Garnet share.</summary>
/// <remarks>
/// Every key that a script touches is in KEYS. A script is not rolled back when it fails, so each one finds what could make it fail (a key of
/// the wrong type) before it writes anything; a store without memory refuses the first write.
/// </remarks>
internal static class CatalogScripts
{
    /// <summary>
    /// Makes a change and answers with the head as it is then: the new head when the change was made, another one or nothing when the store
    /// was not in the expected state.
    /// </summary>
    /// <remarks>
    /// KEYS: head, brakes, apps, changes, then for each app its document and its previous form.
    /// ARGV: expected head, new head, brakes ("" leaves them), revision, log entry, last revision to forget, channel, number of apps
    /// written; then the ids of all apps, those written first; then the documents of those written. STRLEN and ZCARD tell a key of a wrong
    /// type; Garnet's GET in a script does not.
    /// </remarks>
    public const string Write =
        """
        local head = redis.call('GET', KEYS[1])
        if head ~= ARGV[1] then return head end

        local count, writes = (#KEYS - 4) / 2, tonumber(ARGV[8])
        redis.call('ZCARD', KEYS[3])
        redis.call('ZCARD', KEYS[4])
        for i = 1, count do redis.call('STRLEN', KEYS[3 + 2 * i]) end

        for i = 1, count do
            local document, previous, id = KEYS[3 + 2 * i], KEYS[4 + 2 * i], ARGV[8 + i]
            local last = redis.call('GET', document)
            if last then redis.call('SET', previous, last) end
            if i <= writes then
                redis.call('SET', document, ARGV[8 + count + i])
                redis.call('ZADD', KEYS[3], 0, id)
            else
                redis.call('DEL', document)
                redis.call('ZREM', KEYS[3], id)
            end
        end

        if ARGV[3] ~= '' then redis.call('SET', KEYS[2], ARGV[3]) end
        redis.call('ZADD', KEYS[4], ARGV[4], ARGV[5])
        redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', ARGV[6])
        redis.call('SET', KEYS[1], ARGV[2])
        redis.call('PUBLISH', ARGV[7], ARGV[2])
        return ARGV[2]
        """;

    /// <summary>Begins an epoch unless the store has one, and answers with the head as it is then.</summary>
    /// <remarks>
    /// KEYS: head, changes. ARGV: new head, log entry, channel. A log without a head belongs to a history that is gone. Documents that
    /// survived it stay.
    /// </remarks>
    public const string Initialize =
        """
        local head = redis.call('GET', KEYS[1])
        if head then return head end

        redis.call('DEL', KEYS[2])
        redis.call('ZADD', KEYS[2], 0, ARGV[2])
        redis.call('SET', KEYS[1], ARGV[1])
        redis.call('PUBLISH', ARGV[3], ARGV[1])
        return ARGV[1]
        """;

    /// <summary>Records an acceptance and calls the servers. KEYS: accepted. ARGV: new id, channel.</summary>
    public const string Accept =
        """
        redis.call('SET', KEYS[1], ARGV[1])
        redis.call('PUBLISH', ARGV[2], ARGV[1])
        return ARGV[1]
        """;
}
