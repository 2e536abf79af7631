using System.Diagnostics;
using System.Text;

namespace Omaha.Catalog.Tests;

/// <summary>The order in which nodes get a release.</summary>
public sealed class BucketTests
{
    private const int Nodes = 100_000;

    private static readonly byte[] Digest = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];

    private static double Of(string id, byte[] digest) => Bucket.Of(NodeId.Of(Encoding.UTF8.GetBytes(id)), digest);

    /// <summary>Hashes made with the reference implementation of XXH3 (xxHash 0.8.1), of the id, a zero byte and the bytes 00 to 1f.</summary>
    public static TheoryData<string, ulong, double> Vectors => new()
    {
        { "00112233445566778899aabbccddeeff", 0x103f8df0619f08b0, 0.06346976393399129 },
        { "{5b0e6a1e-7a7c-4b7e-9a61-2f6d1f3c4b53}", 0x3e1fc7f6b6e47f84, 0.24267244122792586 },
        { new string('a', 250), 0x00aface9bdef0ad8, 0.0026805945071225468 },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Bucket_is_that_of_the_documented_vectors(string id, ulong hash, double bucket)
    {
        Assert.Equal(bucket, (hash >> 11) / (double)(1L << 53));
        Assert.Equal(bucket, Of(id, Digest));
    }

    [Theory]
    [InlineData("avx2 off", "DOTNET_EnableAVX2")]
    [InlineData("no vectors at all", "DOTNET_EnableHWIntrinsic")]
    public async Task Bucket_is_the_same_without_the_vector_instructions_of_this_machine(string what, string off)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(BucketTests).Assembly.Location);
        foreach (var argument in (string[])["--filter-method", $"{typeof(BucketTests).FullName}.{nameof(Bucket_is_that_of_the_documented_vectors)}"]) start.ArgumentList.Add(argument);
        start.Environment[off] = "0";
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("TESTINGPLATFORM", StringComparison.Ordinal) || name.StartsWith("DOTNET_CLI_TEST", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, $"{what}: {output} {await errors}");
        Assert.Contains("succeeded: 3", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00112233445566778899AABBCCDDEEFF")]
    [InlineData(" 00112233445566778899aabbccddeeff\t")]
    public void Case_and_outer_white_space_of_an_id_do_not_count(string id) => Assert.Equal(Of("00112233445566778899aabbccddeeff", Digest), Of(id, Digest));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(257)]
    public void Node_without_a_usable_id_is_the_last(object id)
    {
        var sent = id as string ?? new string('a', (int)id);
        Assert.Equal(Bucket.Last, Of(sent, Digest));
        Assert.True(Bucket.Last < 1);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Exposure_reaches_its_share_of_the_nodes(double exposure)
    {
        var reached = Enumerable.Range(0, Nodes).Count(number => Of(RolloutSample.Node(number), Digest) < exposure);
        Assert.InRange(reached / (double)Nodes, exposure - 0.005, exposure + 0.005);
    }

    [Fact]
    public void Two_releases_have_orders_that_do_not_depend_on_each_other()
    {
        var other = ReleaseDigest.BytesOf(ReleaseDigest.Of(Sample.Release("2.0")));
        var pairs = Enumerable.Range(0, Nodes).Select(number => (One: Of(RolloutSample.Node(number), Digest), Other: Of(RolloutSample.Node(number), other))).ToList();
        var (one, two) = (pairs.Average(static pair => pair.One), pairs.Average(static pair => pair.Other));
        var together = pairs.Sum(pair => (pair.One - one) * (pair.Other - two));
        var apart = Math.Sqrt(pairs.Sum(pair => Math.Pow(pair.One - one, 2)) * pairs.Sum(pair => Math.Pow(pair.Other - two, 2)));
        Assert.InRange(together / apart, -0.02, 0.02);
    }
}
