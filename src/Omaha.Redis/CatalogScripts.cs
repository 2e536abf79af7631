namespace Omaha.Redis;

/// <summary>The scripts that change the store, in the Lua that Redis 7, Valkey and Garnet share. Each one records what it does in the audit.</summary>
/// <remarks>
/// Every key that a script touches is in KEYS. A script is not rolled back when it fails, so each one finds what could make it fail (a key of
/// the wrong type) before it writes anything; a store without memory refuses the first write, which is that of the audit's number.
/// </remarks>
internal static class CatalogScripts
{
    /// <summary>Adds an entry to the audit and gives its number, as text: a number of Lua is written with a fraction by some versions.</summary>
    /// <remarks>In a store that lost its head an entry repeats the last head that is known, so that revisions never go back from entry to entry.</remarks>
    private const string Record =
        """
        local function record(counter, audit, head, entry)
            local last = redis.call('ZREVRANGE', audit, 0, 0)[1]
            local number = string.format('%.0f', redis.call('INCR', counter))
            head = head or (last and string.match(last, '^%d+ (%S+)')) or 'none'
            redis.call('ZADD', audit, number, number .. ' ' .. head .. ' ' .. entry)
            return number
        end

        """;

    /// <summary>
    /// Makes a change and answers with the head as it is then: the new head when the change was made, another one or nothing when the store
    /// was not in the expected state.
    /// </summary>
    /// <remarks>
    /// KEYS: head, brakes, apps, changes, audit number, audit, audited apps, forms of the brakes, then for each app its document, its previous
    /// form, and its recorded forms.
    /// ARGV: expected head, new head, brakes ("" leaves them), revision, log entry, last revision to forget, channel, number of apps
    /// written, audit entry, form of the brakes; then the ids of all apps, those written first; then the forms of all apps ("" records none);
    /// then the documents of those written. STRLEN and ZCARD tell a key of a wrong type; Garnet's GET in a script does not.
    /// </remarks>
    public const string Write = Record +
        """
        local head = redis.call('GET', KEYS[1])
        if head ~= ARGV[1] then return head end

        local count, writes = (#KEYS - 8) / 3, tonumber(ARGV[8])
        redis.call('ZCARD', KEYS[3])
        redis.call('ZCARD', KEYS[4])
        redis.call('ZCARD', KEYS[7])
        redis.call('ZCARD', KEYS[8])
        for i = 1, count do
            redis.call('STRLEN', KEYS[6 + 3 * i])
            redis.call('ZCARD', KEYS[8 + 3 * i])
        end

        local number = record(KEYS[5], KEYS[6], ARGV[2], ARGV[9])
        for i = 1, count do
            local document, previous, id, form = KEYS[6 + 3 * i], KEYS[7 + 3 * i], ARGV[10 + i], ARGV[10 + count + i]
            local last = redis.call('GET', document)
            if last then redis.call('SET', previous, last) end
            if i <= writes then
                redis.call('SET', document, ARGV[10 + 2 * count + i])
                redis.call('ZADD', KEYS[3], 0, id)
            else
                redis.call('DEL', document)
                redis.call('ZREM', KEYS[3], id)
            end
            if form ~= '' then
                redis.call('ZADD', KEYS[8 + 3 * i], number, number .. ' ' .. form)
                redis.call('ZADD', KEYS[7], 0, id)
            end
        end

        if ARGV[3] ~= '' then
            redis.call('SET', KEYS[2], ARGV[3])
            redis.call('ZADD', KEYS[8], number, number .. ' ' .. ARGV[10])
        end
        redis.call('ZADD', KEYS[4], ARGV[4], ARGV[5])
        redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', ARGV[6])
        redis.call('SET', KEYS[1], ARGV[2])
        redis.call('PUBLISH', ARGV[7], ARGV[2])
        return ARGV[2]
        """;

    /// <summary>Sets the brakes of a store that has no head, so that they hold although nothing else does. Answers with the head; nothing when the brakes were set.</summary>
    /// <remarks>KEYS: head, brakes, audit number, audit, forms of the brakes. ARGV: brakes, audit entry, form of the brakes, channel.</remarks>
    public const string Brake = Record +
        """
        local head = redis.call('GET', KEYS[1])
        if head then return head end

        redis.call('ZCARD', KEYS[5])
        local number = record(KEYS[3], KEYS[4], head, ARGV[2])
        redis.call('SET', KEYS[2], ARGV[1])
        redis.call('ZADD', KEYS[5], number, number .. ' ' .. ARGV[3])
        redis.call('PUBLISH', ARGV[4], '')
        return false
        """;

    /// <summary>Begins an epoch unless the store has one, and answers with the head as it is then; nothing while a restore is under way.</summary>
    /// <remarks>
    /// KEYS: head, changes, audit number, audit, restoring. ARGV: new head, log entry, channel, audit entry, revision. A log without a head belongs
    /// to a history that is gone. Documents that survived it stay.
    /// </remarks>
    public const string Initialize = Record +
        """
        local head = redis.call('GET', KEYS[1])
        if head then return head end
        if redis.call('GET', KEYS[5]) then return false end

        record(KEYS[3], KEYS[4], ARGV[1], ARGV[4])
        redis.call('DEL', KEYS[2])
        redis.call('ZADD', KEYS[2], ARGV[5], ARGV[2])
        redis.call('SET', KEYS[1], ARGV[1])
        redis.call('PUBLISH', ARGV[3], ARGV[1])
        return ARGV[1]
        """;

    /// <summary>Records an acceptance and calls the servers. KEYS: head, accepted, audit number, audit. ARGV: new id, channel, audit entry.</summary>
    public const string Accept = Record +
        """
        redis.call('STRLEN', KEYS[2])
        record(KEYS[3], KEYS[4], redis.call('GET', KEYS[1]), ARGV[3])
        redis.call('SET', KEYS[2], ARGV[1])
        redis.call('PUBLISH', ARGV[2], ARGV[1])
        return ARGV[1]
        """;

    /// <summary>Stores a token. Answers 1; 0 when its id is taken, -1 when there are as many as there may be.</summary>
    /// <remarks>KEYS: head, tokens, audit number, audit. ARGV: id, JSON, most tokens, audit entry.</remarks>
    public const string CreateToken = Record +
        """
        if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 0 end
        if redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[3]) then return -1 end

        record(KEYS[3], KEYS[4], redis.call('GET', KEYS[1]), ARGV[4])
        redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
        return 1
        """;

    /// <summary>Deletes a token. Answers 1; 0 when there is none with this id.</summary>
    /// <remarks>KEYS: head, tokens, audit number, audit. ARGV: id, audit entry.</remarks>
    public const string DeleteToken = Record +
        """
        if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then return 0 end

        record(KEYS[3], KEYS[4], redis.call('GET', KEYS[1]), ARGV[2])
        redis.call('HDEL', KEYS[2], ARGV[1])
        return 1
        """;

    /// <summary>
    /// Forgets the forms of documents that only entries up to a number needed: of each document the last whole form up to there stays, since the
    /// forms after it are read from it. Forgetting twice, or while something is recorded, does no harm. Answers 1; 0 in another epoch than the
    /// expected one, where numbers may mean other entries.
    /// </summary>
    /// <remarks>KEYS: head, audited apps, then forms. ARGV: expected epoch, the number, then the ids that the forms belong to, "" for those of the brakes.</remarks>
    public const string TrimForms =
        """
        if string.match(redis.call('GET', KEYS[1]) or '', '^[^:]*') ~= ARGV[1] then return 0 end
        for i = 3, #KEYS do
            for _, member in ipairs(redis.call('ZREVRANGEBYSCORE', KEYS[i], ARGV[2], '-inf')) do
                local number, kind = string.match(member, '^(%d+) (%a)')
                if kind ~= 'd' then
                    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', (kind == 'x') and number or ('(' .. number))
                    break
                end
            end
            if redis.call('ZCARD', KEYS[i]) == 0 and ARGV[i] ~= '' then redis.call('ZREM', KEYS[2], ARGV[i]) end
        end
        return 1
        """;

    /// <summary>Forgets the entries of the audit up to a number. Answers 1; 0 in another epoch than the expected one. KEYS: head, audit. ARGV: expected epoch, the number.</summary>
    public const string TrimEntries =
        """
        if string.match(redis.call('GET', KEYS[1]) or '', '^[^:]*') ~= ARGV[1] then return 0 end
        redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[2])
        return 1
        """;
}
