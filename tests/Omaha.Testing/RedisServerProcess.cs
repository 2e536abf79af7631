namespace Omaha.Testing;

/// <summary>A single redis-server with an append-only file; killing it is <c>kill -9</c>.</summary>
public sealed class RedisServerProcess : StoreFixture
{
    private readonly RedisProcess _process;

    public RedisServerProcess() : this([])
    {
    }

    /// <param name="settings">Further settings, as on the command line.</param>
    public RedisServerProcess(params string[] settings) : this(account: null, settings)
    {
    }

    /// <param name="account">Account and password that <see cref="Process"/> sends commands with.</param>
    /// <param name="settings">Further settings, as on the command line.</param>
    public RedisServerProcess((string User, string Password)? account, params string[] settings)
    {
        // Without fsync every reply waits until the system has the data, which outlives the process. With "everysec" it may lag by seconds.
        _process = new RedisProcess(Data, ["--appendonly", "yes", "--appendfsync", "no", "--save", "", .. settings]) { Port = Port, Account = account };
    }

    /// <summary>Why tests on redis-server are to be skipped here; null when they are to run.</summary>
    public static string? SkipReason => RedisProcess.SkipReason;

    /// <summary>For what only the process can be asked.</summary>
    public RedisProcess Process => _process;

    public override Task KillAsync() => _process.KillAsync();

    protected override Task StartServerAsync() => _process.StartAsync();
}
