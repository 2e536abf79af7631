namespace Omaha.Catalog.Tests;

public sealed class ReleaseDigestTests
{
    private static ReleaseSpec Release(Action<ReleaseSpec>? change = null)
    {
        var release = Sample.Release("4081.3.1");
        release.Packages![0].Sha1 = "I6DGNAOrJRUxPbCuLw+AITfiVMo=";
        change?.Invoke(release);
        return release;
    }

    /// <summary>Digests are stored: this value must never change.</summary>
    [Fact]
    public void Digest_of_a_known_release_stays_what_it_is() =>
        Assert.Equal("v1:b23005337df62e62262877666d971c459fe491279697cd9914a0bb296378e4d1", ReleaseDigest.Of(Release()));

    [Fact]
    public void Digest_does_not_see_what_may_change()
    {
        var digest = ReleaseDigest.Of(Release());
        Assert.Equal(digest, ReleaseDigest.Of(Release(release => release.Codebases = ["https://elsewhere.example.test/"])));
        Assert.Equal(digest, ReleaseDigest.Of(Release(release => release.Packages![0].Sha256 = release.Packages[0].Sha256!.ToUpperInvariant())));
        Assert.Equal(digest, ReleaseDigest.Of(Release(release => release.Packages![0].Required = true)));
        Assert.Equal(digest, ReleaseDigest.Of(Release(release => release.Target = "any/x86_64")));
        Assert.Equal(digest, ReleaseDigest.Of(Release(release => release.Actions = [])));
    }

    [Fact]
    public void Digest_sees_every_part_of_the_content()
    {
        var digests = new Action<ReleaseSpec>?[]
        {
            null,
            release => release.Version = "4081.3.2",
            release => release.Target = "any/arm64",
            release => release.Packages![0].Name = "other.gz",
            release => release.Packages![0].Size++,
            release => release.Packages![0].Sha256 = new string('a', 64),
            release => release.Packages![0].Sha256 = null,
            release => release.Packages![0].Sha1 = null,
            release => release.Packages![0].Required = false,
            release => release.Packages![0].MetadataSize = 1,
            release => release.Packages![0].MetadataSignature = "AAAA",
            release => release.Packages![0].Delta = true,
            release => release.Packages!.Add(new PackageSpec { Name = "second.gz", Size = 1 }),
            release => release.Actions = [new ActionSpec { Event = "install" }],
            release => release.Actions = [new ActionSpec { Event = "install", Run = "x" }],
            release => release.Actions = [new ActionSpec { Event = "install", Arguments = "x" }],
            release => release.Actions = [new ActionSpec { Event = "install", OnSuccess = "default" }],
            release => release.Actions = [new ActionSpec { Event = "install", SuccessUrl = "x" }],
            release => release.Actions = [new ActionSpec { Event = "install", TerminateAllBrowsers = false }],
        }.Select(change => ReleaseDigest.Of(Release(change))).ToList();

        Assert.Equal(digests.Count, digests.Distinct().Count());
        Assert.All(digests, digest => Assert.True(ReleaseDigest.IsWellFormed(digest)));
    }
}
