using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>Turns the client library's failures into the two that the rest of the product tells apart.</summary>
internal static class StoreCommand
{
    /// <summary>A read: when it fails, nothing has happened.</summary>
    /// <exception cref="StoreUnavailableException"/>
    public static async Task<T> ReadAsync<T>(this StoreConnection connection, Func<IDatabase, Task<T>> command, CancellationToken cancel = default)
    {
        try
        {
            return await connection.ReadPrimaryAsync(command).WaitAsync(cancel);
        }
        catch (Exception error) when (IsOfTheStore(error))
        {
            throw Unavailable(error);
        }
    }

    /// <summary>Reads strings; those that are too large together to arrive in time are asked for in halves.</summary>
    /// <exception cref="StoreUnavailableException"/>
    public static async Task<RedisValue[]> ReadStringsAsync(this StoreConnection connection, RedisKey[] keys, CancellationToken cancel = default)
    {
        try
        {
            return await connection.ReadAsync(store => store.StringGetAsync(keys), cancel);
        }
        catch (StoreUnavailableException error) when (error.InnerException is RedisTimeoutException && keys.Length > 1)
        {
            var half = keys.Length / 2;
            return [.. await connection.ReadStringsAsync(keys[..half], cancel), .. await connection.ReadStringsAsync(keys[half..], cancel)];
        }
    }

    /// <summary>A write, made by one command or one script, which the store does wholly or not at all.</summary>
    /// <exception cref="StoreUnavailableException">It was not done.</exception>
    /// <exception cref="OutcomeUnknownException">It was sent, and no answer came.</exception>
    public static async Task<T> WriteAsync<T>(this StoreConnection connection, Func<IDatabase, Task<T>> command)
    {
        try
        {
            return await command(await connection.DatabaseAsync());
        }
        catch (Exception error) when (IsNotDone(error))
        {
            connection.Suspect();
            throw Unavailable(error);
        }
        catch (Exception error) when (error is RedisException or RedisTimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            connection.Suspect();
            throw new OutcomeUnknownException("The store did not answer after the change was sent. Outcome unknown: read the catalogue and try again.", error);
        }
    }

    /// <summary>Runs a script that writes. It is sent by its hash; the library sends the text to a server that does not know it.</summary>
    /// <exception cref="StoreUnavailableException">It was not done.</exception>
    /// <exception cref="OutcomeUnknownException">It was sent, and no answer came.</exception>
    public static async Task<RedisValue> RunAsync(this StoreConnection connection, string script, RedisKey[] keys, RedisValue[] arguments) =>
        (RedisValue)await connection.WriteAsync(store => store.ScriptEvaluateAsync(script, keys, arguments));

    /// <summary>Whether a failure says something about the store or the way to it.</summary>
    public static bool IsOfTheStore(Exception error) => error is RedisException or RedisTimeoutException or RedisCommandException or ObjectDisposedException;

    /// <summary>Refused by the store or by the client library, or never sent. After a timeout a command may still be on its way.</summary>
    private static bool IsNotDone(Exception error) =>
        error is RedisServerException or RedisCommandException
            or RedisConnectionException { CommandStatus: CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog };

    public static StoreUnavailableException Unavailable(Exception error) => error switch
    {
        RedisServerException or RedisCommandException => new($"The store refused: {error.Message}", error),
        ObjectDisposedException => new("The connection to the store is being renewed.", error),
        RedisTimeoutException => new("The store did not answer in time.", error),
        _ => new($"The store cannot be reached: {CauseOf(error).TrimEnd('.')}.", error),
    };

    /// <summary>The innermost reason ("Connection refused", "NOAUTH …"). The library's own messages go on with its diagnostics, pages long, from the first comma.</summary>
    private static string CauseOf(Exception error) => error.GetBaseException() switch
    {
        RedisException cause => cause.Message.Split(',')[0].Replace("SimpleError: ", "", StringComparison.Ordinal),
        var cause => cause.Message,
    };
}
