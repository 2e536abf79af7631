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

    /// <summary>Flipped bytes are found by the checksums of a regular end, which a program that was killed could not take.</summary>
    [Theory]
    [InlineData(Damage.LogCutShort, false)]
    [InlineData(Damage.LogCutShort, true)]
    [InlineData(Damage.LogEmptied, false)]
    [InlineData(Damage.LogEmptied, true)]
    [InlineData(Damage.LogOverwritten, false)]
    [InlineData(Damage.LogOverwritten, true)]
    [InlineData(Damage.ByteFlippedInTheMiddle, false)]
    [InlineData(Damage.LogMissing, false)]
    [InlineData(Damage.LogMissing, true)]
    [InlineData(Damage.StoreMissing, false)]
    [InlineData(Damage.NoteOverwritten, true)]
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
