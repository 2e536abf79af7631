using System.Text;
using Omaha.Catalog;

namespace Omaha.Redis.Tests;

/// <summary>The format of snapshot files, and what is refused.</summary>
public sealed class SnapshotFileTests : IDisposable
{
    private static readonly SnapshotEnd End = new(new StoreVersion("epoch", 7, "change"), new Brakes { PauseAll = new Mark { By = "me" } }, "accepted", new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    private readonly string _folder = Directory.CreateTempSubdirectory("omaha-snapshot-").FullName;

    private string FilePath => Path.Combine(_folder, "below", "file");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_written_is_read()
    {
        SnapshotRecord[] records =
        [
            new(SnapshotRecordKind.Good, "a", "{}"u8.ToArray()),
            new(SnapshotRecordKind.Good, "ünïcode", "{\"a\":1}"u8.ToArray()),
            new(SnapshotRecordKind.Faulty, "a", []),
            new(SnapshotRecordKind.Missing, "b", null),
        ];
        var bytes = Write(End, records);

        var (read, end) = Read();

        Assert.Equal(bytes, new FileInfo(FilePath).Length);
        Assert.Equal(records.Select(Describe), read.Select(Describe));
        Assert.Equal((End.Version, End.Acceptance, End.Confirmed), (end.Version, end.Acceptance, end.Confirmed));
        Assert.Equal("me", end.Brakes.PauseAll?.By);
        Assert.Equal([FilePath], Directory.GetFiles(Path.GetDirectoryName(FilePath)!));
    }

    [Fact]
    public void A_file_that_was_not_finished_leaves_the_last_one()
    {
        Write(End, new SnapshotRecord(SnapshotRecordKind.Good, "a", "{}"u8.ToArray()));
        using (var writer = new SnapshotWriter(FilePath)) writer.Put(new SnapshotRecord(SnapshotRecordKind.Good, "b", "{}"u8.ToArray()));

        Assert.Equal("a", Assert.Single(Read().Records).Id);
        Assert.Equal([FilePath], Directory.GetFiles(Path.GetDirectoryName(FilePath)!));
    }

    [Fact]
    public void No_file_is_no_snapshot() => Assert.Null(SnapshotReader.Open(FilePath));

    [Fact]
    public void Every_shorter_form_of_a_file_is_refused()
    {
        Write(End, new SnapshotRecord(SnapshotRecordKind.Good, "a", "{\"app\":\"a\"}"u8.ToArray()));
        var bytes = File.ReadAllBytes(FilePath);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(FilePath, bytes[..length]);
            var refused = Assert.Throws<SnapshotRefusedException>(() => Read());
            Assert.False(refused.IsForeign);
            Assert.StartsWith("is truncated or damaged", refused.Message.Replace("is damaged", "is truncated or damaged", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_flipped_bit_is_found()
    {
        Write(End, new SnapshotRecord(SnapshotRecordKind.Good, "a", "{\"app\":\"a\"}"u8.ToArray()), new SnapshotRecord(SnapshotRecordKind.Faulty, "b", "?"u8.ToArray()));
        var bytes = File.ReadAllBytes(FilePath);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            File.WriteAllBytes(FilePath, bytes);
            Assert.Throws<SnapshotRefusedException>(() => Read());
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Fact]
    public void Bytes_after_the_end_are_refused()
    {
        Write(End);
        File.AppendAllText(FilePath, "x");

        Assert.Contains("damaged", Assert.Throws<SnapshotRefusedException>(() => Read()).Message);
    }

    [Theory]
    [InlineData("REDIS0010 and so on")]
    [InlineData("{\"apps\":[]}")]
    [InlineData("omaha-snapshots are not this")]
    [InlineData("\n")]
    public void A_file_of_somebody_else_is_told_apart(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, content);

        var refused = Assert.Throws<SnapshotRefusedException>(() => Read());
        Assert.True(refused.IsForeign);
        Assert.Equal("is no snapshot of Omaha", refused.Message);
    }

    [Fact]
    public void Another_format_is_named()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, "omaha-snapshot 2\nwhatever");

        var refused = Assert.Throws<SnapshotRefusedException>(() => Read());
        Assert.Equal("has format 2; this version reads format 1", refused.Message);
        Assert.False(refused.IsForeign);
    }

    [Fact]
    public void Brakes_of_a_later_version_brake_everything()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        Write(End with { Brakes = new Brakes { UnknownKeys = new() { ["pauseSome"] = System.Text.Json.JsonDocument.Parse("1").RootElement } } });

        Assert.Equal(StoreHead.UnreadableBrakes, Read().End.Brakes.PauseAll?.By);
    }

    private static string Describe(SnapshotRecord record) => $"{record.Kind} {record.Id} {(record.Json is null ? "none" : Encoding.UTF8.GetString(record.Json))}";

    private long Write(SnapshotEnd end, params SnapshotRecord[] records)
    {
        using var writer = new SnapshotWriter(FilePath);
        foreach (var record in records) writer.Put(record);
        return writer.Finish(end);
    }

    private (List<SnapshotRecord> Records, SnapshotEnd End) Read()
    {
        using var reader = SnapshotReader.Open(FilePath)!;
        var records = new List<SnapshotRecord>();
        SnapshotEnd? end;
        while (reader.Next(out end) is { } record) records.Add(record);
        return (records, end!);
    }
}
