using Omaha.Catalog;
using Omaha.Testing;

namespace Omaha.Redis.Tests;

/// <summary>The accounts of <c>deploy/redis/users.acl</c> on a real server: they allow all that is needed, and nothing else.</summary>
public sealed class AccountTests : IAsyncLifetime
{
    private readonly RedisUsers _users = new();
    private readonly RedisServerProcess _server;

    public AccountTests() => _server = new RedisServerProcess(RedisUsers.Admin, "--aclfile", _users.Path);

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(RedisProcess.SkipReason is not null, RedisProcess.SkipReason ?? "");
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _users.Dispose();
    }

    [Fact]
    public async Task Servers_and_control_plane_need_nothing_that_their_accounts_forbid()
    {
        await using var follower = await FollowAsync();
        await follower.Replica.UntilAsync(await follower.WriteAsync("a"));
        await follower.Replica.UntilAsync(await follower.WriteAsync("b"));
        var head = (await follower.Store.ReadHeadAsync()).Version;
        await follower.Store.WriteAsync(new CatalogChange { Expected = head, Deleted = ["a"], Brakes = new Brakes { PauseAll = new Mark { By = "me" } } });
        await follower.Replica.UntilAsync(replica => replica.Current.Brakes.PauseAll is not null);
        await follower.Replica.UntilAsync(replica => replica.Status.HearsHints);
        await follower.Store.AcceptAsync();
        Assert.True(await follower.Store.HasAnyKeyAsync());
        Assert.NotNull(await follower.Store.ReadPreviousAsync("a"));
        Assert.Equal(["b"], await follower.Store.ReadAllIdsAsync().ToArrayAsync());

        Assert.Equal("", await _server.Process.CommandAsync("ACL", "LOG"));
    }

    [Fact]
    public async Task Audit_backup_and_restore_are_the_control_planes()
    {
        await using var connection = new StoreConnection(Options(RedisUsers.Control));
        var store = new CatalogStore(connection);
        await store.WriteAsync(new CatalogChange { Expected = await store.InitializeAsync(), Written = [Scene.App("a"), Scene.App("b")] });
        Assert.NotNull(await new AuditStore(connection).ReadLastAsync());
        Assert.True((await new AuditStore(connection).ReadDocumentAsync("a", 2)).IsRecorded);
        using var file = new MemoryStream();
        Assert.True(await new StoreBackup(connection, TimeProvider.System).TryWriteAsync(file));
        var backup = await BackupFile.OpenAsync(file);
        Assert.NotNull(await new StoreRestore(connection).RunAsync(backup, "", new AuditRecord(AuditVerb.Restore, UnauditedCalls.Tester, DateTimeOffset.UnixEpoch)));
        Assert.Equal("", await _server.Process.CommandAsync("ACL", "LOG"));

        await using var asServer = new StoreConnection(Options(RedisUsers.Server));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => new AuditStore(asServer).ReadLastAsync());
    }

    [Fact]
    public async Task Tokens_are_the_control_planes()
    {
        await using var connection = new StoreConnection(Options(RedisUsers.Control));
        var tokens = new TokenStore(connection);
        await tokens.CreateAsync(new StoredToken("id", "operator", "me", "hash", DateTimeOffset.UnixEpoch));
        Assert.NotNull(await tokens.FindAsync("id"));
        Assert.Single(await tokens.ListAsync());
        Assert.True(await tokens.DeleteAsync("id"));
        Assert.Equal("", await _server.Process.CommandAsync("ACL", "LOG"));

        await using var asServer = new StoreConnection(Options(RedisUsers.Server));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => new TokenStore(asServer).FindAsync("id"));
    }

    [Theory]
    [InlineData("SET", "{omaha}:head", "x")]
    [InlineData("DEL", "{omaha}:app:a")]
    [InlineData("ZADD", "{omaha}:apps", "0", "x")]
    [InlineData("EVAL", "return redis.call('GET', KEYS[1])", "1", "{omaha}:head")]
    [InlineData("PUBLISH", "omaha:changes", "x")]
    [InlineData("SUBSCRIBE", "other")]
    [InlineData("PSUBSCRIBE", "*")]
    [InlineData("MGET", "{omaha}:head", "control:{omaha}:tokens")]
    [InlineData("MGET", "control:{omaha}:tokens")]
    [InlineData("EXISTS", "control:{omaha}:audit")]
    [InlineData("ZRANGEBYSCORE", "control:{omaha}:audit", "-inf", "+inf")]
    [InlineData("KEYS", "*")]
    [InlineData("SCAN", "0")]
    [InlineData("RANDOMKEY")]
    [InlineData("DBSIZE")]
    [InlineData("FLUSHALL")]
    [InlineData("CONFIG", "GET", "*")]
    [InlineData("INFO")]
    [InlineData("ACL", "LIST")]
    [InlineData("CLIENT", "LIST")]
    [InlineData("MONITOR")]
    [InlineData("SHUTDOWN")]
    [InlineData("REPLICAOF", "NO", "ONE")]
    public async Task Servers_may_not(params string[] command) =>
        Assert.StartsWith("-NOPERM", await _server.Process.CommandAsAsync(RedisUsers.Server, command));

    [Theory]
    [InlineData("GET", "other")]
    [InlineData("SET", "other", "x")]
    [InlineData("EVAL", "return redis.call('GET', KEYS[1])", "1", "other")]
    [InlineData("PUBLISH", "other", "x")]
    [InlineData("KEYS", "*")]
    [InlineData("FLUSHALL")]
    [InlineData("CONFIG", "GET", "*")]
    [InlineData("ACL", "LIST")]
    [InlineData("CLIENT", "LIST")]
    [InlineData("MONITOR")]
    [InlineData("SHUTDOWN")]
    public async Task Control_planes_may_not(params string[] command) =>
        Assert.StartsWith("-NOPERM", await _server.Process.CommandAsAsync(RedisUsers.Control, command));

    [Fact]
    public async Task Nobody_may_anything_without_an_account() =>
        Assert.StartsWith("-NOAUTH", await _server.Process.CommandAsAsync(null, "GET", "{omaha}:head"));

    [Fact]
    public async Task Changes_are_there_after_a_restart()
    {
        await using var follower = await FollowAsync();
        var version = await follower.WriteAsync("a");

        await _server.RestartAsync();

        await using var connection = new StoreConnection(Options(RedisUsers.Control));
        Assert.Equal(version, (await new CatalogStore(connection).ReadHeadAsync()).Version);
    }

    [Fact]
    public async Task Sentinels_and_replicas_have_accounts_that_suffice()
    {
        await using var set = new RedisSentinelSet(_users);
        await set.StartAsync();
        await using var follower = await Follower.StartAsync(
            new RedisOptions { Configuration = set.Configuration + RedisUsers.Settings(RedisUsers.Server) },
            new RedisOptions { Configuration = set.Configuration + RedisUsers.Settings(RedisUsers.Control) });
        await follower.Replica.UntilAsync(await follower.WriteAsync("before"));

        await set.First.KillAsync();
        await RedisSentinelSet.PrimaryAsync(set.Second);

        await follower.Replica.UntilAsync(await follower.WriteAsync("after"));
        Assert.Equal("", await set.Second.CommandAsync("ACL", "LOG"));
    }

    [Fact]
    public async Task A_wrong_password_is_named_and_a_right_one_in_the_file_is_all_that_is_needed()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, RedisUsers.Server.Password + "\n");
        try
        {
            var log = new LogLines();
            await using var follower = await Follower.StartAsync(
                new RedisOptions { Configuration = $"{_server.Configuration},user={RedisUsers.Server.User}", PasswordFile = file },
                Options(RedisUsers.Control),
                log);
            await follower.Replica.UntilAsync(await follower.WriteAsync("a"));

            await _server.Process.CommandAsync("ACL", "SETUSER", RedisUsers.Server.User, "resetpass", ">new");
            await _server.Process.CommandAsync("CLIENT", "KILL", "USER", RedisUsers.Server.User);
            await follower.Replica.UntilAsync(replica => replica.Status is { State: ReplicaState.Unreachable } status && status.Message.Contains("NOAUTH Authentication required", StringComparison.Ordinal));
            Assert.NotNull(follower.Replica.Find("a"));

            await File.WriteAllTextAsync(file, "new");
            await follower.Replica.UntilAsync(await follower.WriteAsync("b"));
            Assert.DoesNotContain(log.All, line => line.Contains(RedisUsers.Server.Password, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private Task<Follower> FollowAsync() => Follower.StartAsync(Options(RedisUsers.Server), Options(RedisUsers.Control));

    private RedisOptions Options((string User, string Password) account) => new() { Configuration = _server.Configuration + RedisUsers.Settings(account) };
}
