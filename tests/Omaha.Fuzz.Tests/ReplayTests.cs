using Omaha.Protocol;

namespace Omaha.Fuzz.Tests;

/// <summary>Runs the fuzz target over the seeds, and over everything that fuzzing ever found wrong.</summary>
public class ReplayTests
{
    // A busy machine may hold a test up; what the fuzzer calls slow is a hundredth of this.
    private static readonly RequestTarget Target = new() { Patience = TimeSpan.FromSeconds(1) };

    private static readonly string FindingsFolder = Path.Combine(AppContext.BaseDirectory, "findings");

    public static TheoryData<string> SeedNames => [.. Seeds.All.Keys];

    public static TheoryData<string, Refusal> Refused => [.. Seeds.Refusals];

    /// <summary>Where nothing was found yet, one entry that stands for no file.</summary>
    public static TheoryData<string> FindingNames =>
        Directory.Exists(FindingsFolder) ? [.. Directory.EnumerateFiles(FindingsFolder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)] : [""];

    [Theory]
    [MemberData(nameof(SeedNames))]
    public void Seed_is_read_and_answered_as_it_must_be(string name) => Target.Check(Seeds.All[name]);

    [Theory]
    [MemberData(nameof(FindingNames))]
    public void Finding_stays_mended(string name)
    {
        if (name.Length > 0) Target.Check(File.ReadAllBytes(Path.Combine(FindingsFolder, name)));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Seed_of_a_refusal_is_refused_for_that(string name, Refusal refusal)
    {
        var request = new UpdateRequest();
        request.Load(Seeds.All[name]);
        Assert.Equal(refusal, XmlRequestReader.Read(request));
    }

    [Fact]
    public void Body_beyond_the_largest_size_is_left_to_the_endpoint() => Target.Check(new byte[RequestLimits.BodyBytes + 1]);
}
