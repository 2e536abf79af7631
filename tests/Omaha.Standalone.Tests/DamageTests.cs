namespace Omaha.Standalone.Tests;

/// <summary>A store that cannot be trusted is not served, and nothing in it is touched: whoever comes to its rescue finds it as it was.</summary>
public sealed class DamageTests(DamageTests.Stores stores) : IClassFixture<DamageTests.Stores>
{
    /// <summary>What happens to a store while nobody uses it.</summary>
    public enum Damage
    {
        LogCutShort,
        LogEmptied,
        LogOverwritten,
        ByteFlippedInTheMiddle,
        LogMissing,
        StoreMissing,
        NoteOverwritten,
    }

    [Theory]
    [CombinatorialDamage]
    public async Task A_damaged_store_is_refused_and_left_as_it_is(Damage damage, bool killed)
    {
        using var folder = new TempFolder();
        var data = folder["data"];
        TempFolder.Copy(killed ? stores.Killed : stores.Ended, data);
        Inflict(damage, data);
        var before = TempFolder.Contents(data);

        await using var program = StandaloneProcess.StartOnFreePorts(folder.Path, $"--Data={data}");

        (await program.EndAsync()).MustBeRefusal($"The store in {data} cannot be used", "Restore the folder from a backup", $"move {data} away");
        Assert.Equal(before, TempFolder.Contents(data));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_undamaged_store_is_served(bool killed)
    {
        using var folder = new TempFolder();
        TempFolder.Copy(killed ? stores.Killed : stores.Ended, folder["data"]);

        await using var program = await StandaloneProcess.ServeAsync(folder.Path, $"--Data={folder["data"]}");

        Assert.Equal("4515.1.0", await program.OfferedAsync());
    }

    private static void Inflict(Damage damage, string data)
    {
        var log = Path.Combine(data, "store", "AOF", "aof.log.0");
        var bytes = File.ReadAllBytes(log);
        switch (damage)
        {
            case Damage.LogCutShort:
                File.WriteAllBytes(log, bytes[..(bytes.Length / 2)]);
                break;
            case Damage.LogEmptied:
                File.WriteAllBytes(log, []);
                break;
            case Damage.LogOverwritten:
                new Random(1).NextBytes(bytes);
                File.WriteAllBytes(log, bytes);
                break;
            case Damage.ByteFlippedInTheMiddle:
                bytes[bytes.Length / 2] ^= 0x01;
                File.WriteAllBytes(log, bytes);
                break;
            case Damage.LogMissing:
                Directory.Delete(Path.GetDirectoryName(log)!, recursive: true);
                break;
            case Damage.StoreMissing:
                Directory.Delete(Path.Combine(data, "store"), recursive: true);
                break;
            case Damage.NoteOverwritten:
                File.WriteAllText(Path.Combine(data, "store-version"), "?");
                break;
        }
    }

    /// <summary>Every damage to a store whose program ended by itself and to one whose program was killed. Flipped bytes are found by the checksums of a regular end, which a killed program could not take.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class CombinatorialDamageAttribute : Xunit.v3.DataAttribute
    {
        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker) => new(
            [.. Enum.GetValues<Damage>().SelectMany(damage => new[] { new TheoryDataRow<Damage, bool>(damage, false), new TheoryDataRow<Damage, bool>(damage, true) }).Where(row => row.Data is not (Damage.ByteFlippedInTheMiddle, true))]);

        public override bool SupportsDiscoveryEnumeration() => true;
    }

    /// <summary>Two stores with some changes in them; tests damage copies.</summary>
    public sealed class Stores : IAsyncLifetime
    {
        private readonly TempFolder _folder = new();

        public string Ended => _folder["ended"];

        public string Killed => _folder["killed"];

        public async ValueTask InitializeAsync()
        {
            await using (var program = await StandaloneProcess.ServeAsync(_folder.Path, $"--Data={Ended}"))
            {
                await program.PromoteAsync("beta", "stable");
                await program.PromoteAsync("alpha", "beta");
                await program.StopAsync();
            }

            TempFolder.Copy(Ended, Killed);
            await using (var program = await StandaloneProcess.ServeAsync(_folder.Path, $"--Data={Killed}"))
            {
                await program.CallAsync("POST", "pause");
                await program.CallAsync("POST", "resume");
                await program.KillAsync();
            }
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return default;
        }
    }
}
