using System.Text;
using CsCheck;

namespace Omaha.Protocol.Tests;

/// <summary>The reader against .NET's XmlReader, which it has to agree with on what is XML and on every value.</summary>
public class XmlAgreementTests
{
    private static readonly Gen<byte[]> SampleBytes = Gen.OneOf(Samples.All.Select(Encoding.UTF8.GetBytes).ToArray());

    private static readonly Gen<byte[]> DocumentBytes = Documents.All.Select(Encoding.UTF8.GetBytes);

    [Fact]
    public void Reader_agrees_with_XmlReader_on_generated_documents() =>
        DocumentBytes.Sample(Agreement.Check, iter: Effort.Of(10_000));

    [Fact]
    public void Reader_agrees_with_XmlReader_on_damaged_samples() =>
        Mutations.Of(SampleBytes).Sample(Agreement.Check, iter: Effort.Of(20_000));

    [Fact]
    public void Reader_agrees_with_XmlReader_on_damaged_documents() =>
        Mutations.Of(DocumentBytes).Sample(Agreement.Check, iter: Effort.Of(20_000));

    [Fact]
    public void Reader_agrees_with_XmlReader_on_every_sample() =>
        Assert.All(Samples.All, sample => Agreement.Check(Encoding.UTF8.GetBytes(sample)));

    [Fact]
    public void Generated_documents_are_read_for_the_most_part()
    {
        // Guards the generator: a search among refused documents finds nothing.
        var read = 0;
        DocumentBytes.Sample(body => { if (Reading.Refusal(body) == Refusal.None) Interlocked.Increment(ref read); }, iter: 1_000);
        Assert.InRange(read, 400, 1_000);
    }
}
