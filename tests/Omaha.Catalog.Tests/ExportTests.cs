using CsCheck;

namespace Omaha.Catalog.Tests;

/// <summary>An export is what was declared: applied again, as the text that it is, it changes nothing.</summary>
public sealed class ExportTests
{
    private static readonly Gen<string?> GenText = Gen.OneOf(Gen.Const((string?)null), Gen.String[Gen.Char[' ', '\u024f'].Where(static c => !char.IsControl(c)), 0, 40].Select(static text => (string?)text));

    private static readonly Gen<PackageSpec> GenPackage = Gen.Select(
        Gen.Long[1, 1L << 40], Gen.Bool, Gen.Bool, Gen.OneOf(Gen.Const((bool?)null), Gen.Bool.Select(static required => (bool?)required)), Gen.Bool,
        static (size, hasSha256, hasSha1, required, delta) => new PackageSpec
        {
            Size = size,
            Sha256 = hasSha256 ? $"{size:x64}" : null,
            Sha1 = hasSha1 ? Convert.ToBase64String(new byte[20]) : null,
            Required = required,
            MetadataSize = delta ? size : null,
            MetadataSignature = delta ? "c2lnbmVk" : null,
            Delta = delta,
        });

    private static readonly Gen<ReleaseSpec> GenRelease = Gen.Select(
        Gen.Int[1, 2], GenPackage.Array[1, 3], GenText, Gen.Int[0, 7], Gen.Bool.Select(static crx => crx ? "crx3" : null),
        static (codebases, packages, text, parts, format) => new ReleaseSpec
        {
            Codebases = [.. Enumerable.Range(0, codebases).Select(static i => $"https://dl{i}.example.test/")],
            Packages = [.. packages.Select(static (package, i) => Named(package, $"package{i}.gz"))],
            Actions = (parts & 1) == 0 ? null : [new ActionSpec { Event = "install", Run = "package0.gz", Arguments = text, TerminateAllBrowsers = (parts & 2) == 0 }],
            Gates = (parts & 2) == 0 ? null : new GatesSpec { MinMemory = 4, Cpu = ["avx"], Oems = ["", "azure"], MinOsVersion = "6.1" },
            ProdVersionMin = (parts & 4) == 0 ? null : "90.0",
            FirmwareVersion = (parts & 4) == 0 ? null : "1.1",
            Format = format,
        });

    private static readonly Gen<AppDocument> GenApp = Gen.Select(
        GenRelease.Array[0, 6], GenText, Gen.Int[0, 63],
        static (releases, text, parts) => new AppDocument
        {
            App = "Com.Example.App",
            Requires = (parts & 1) == 0 ? null : [],
            Spec = new AppSpec
            {
                Name = text,
                Aliases = (parts & 2) == 0 ? null : ["{Another}", "a third"],
                DefaultChannel = (parts & 4) == 0 ? null : "beta",
                DefaultTarget = (parts & 4) == 0 ? null : "any/x86_64",
                PollInterval = (parts & 8) == 0 ? null : 3600,
                Restricted = (parts & 8) == 0,
                Cohort = (parts & 16) == 0 ? null : "",
                Metrics = (parts & 16) == 0,
                InstallData = text is null ? null : new() { ["index"] = text },
                Channels = new() { ["stable"] = new() { PromotesFrom = "beta" }, ["beta"] = new() { Soak = (parts & 32) == 0 ? "1d" : null, Rollback = true, PollInterval = 60 } },
                Tracks = (parts & 32) == 0 ? null : new() { ["Edge"] = "beta" },
                Releases = (parts & 1) != 0 && releases.Length == 0 ? null : [.. releases.Select(static (release, i) => At(release, $"{i / 2}.0", i % 2 == 0 ? "any/amd64" : null))],
            },
        });

    [Fact]
    public void An_export_applied_again_changes_nothing() => GenApp.Sample(
        app =>
        {
            Assert.Empty(AppValidator.Check(app));
            var stored = DocumentJson.ReadApp(DocumentJson.Write(Declared(app)), out _)!;
            var text = DocumentJson.Write(ExportFile.Of([stored]));

            var plan = Assert.Single(ApplyFile.Plan(DocumentJson.ReadFile(text, out _)!, [new ExistingApp("com.example.app", stored)], [], Sample.Stamp).Plan!.Apps);

            Assert.Equal(AppChange.Unchanged, plan.Change);
            Assert.Null(plan.Document);
            Assert.Equal(text, DocumentJson.Write(ExportFile.Of([stored])));
        },
        iter: 1000);

    /// <summary>What applying a file stores.</summary>
    private static AppDocument Declared(AppDocument app) => ApplyFile.Plan(new CatalogFile { Apps = [app] }, [], [], Sample.Stamp).Plan!.Apps[0].Document!;

    private static PackageSpec Named(PackageSpec package, string name)
    {
        package.Name = name;
        return package;
    }

    private static ReleaseSpec At(ReleaseSpec release, string version, string? target)
    {
        (release.Version, release.Target) = (version, target);
        return release;
    }
}
