using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Omaha.Control;
using Omaha.Hosting;
using Omaha.Server;
using Omaha.Testing;

namespace Omaha.Deploy.Tests;

/// <summary>Settings that the files give are settings that the programs take, and so are those that pages and comments speak of.</summary>
public sealed partial class SettingsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly string _password = Path.GetTempFileName();

    public static TheoryData<string> Servers => ["compose server-1", "compose server-2", "compose server-3", "base omaha-server", "production omaha-server", "systemd server.env", "image server", "image server-jit"];

    public static TheoryData<string> ControlPlanes => ["compose control", "base omaha-control", "production omaha-control", "systemd control.env"];

    public void Dispose()
    {
        _certificates.Dispose();
        File.Delete(_password);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void A_server_takes_the_settings_of(string place) => ServerOptions.Read(Configuration(place));

    [Theory]
    [MemberData(nameof(ControlPlanes))]
    public void A_control_plane_takes_the_settings_of(string place) => ControlOptions.Read(Configuration(place));

    [Fact]
    public void The_settings_files_have_settings_that_are_heeded_while_a_server_runs()
    {
        Assert.Equal(DeployFiles.Read("deploy/settings/appsettings.json"), DeployFiles.Read("deploy/kubernetes/base/appsettings.json"));
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(DeployFiles.Read("deploy/settings/appsettings.json")));
        var configuration = new ConfigurationBuilder().AddJsonStream(file).Build();
        Assert.Equal("False", configuration["Brakes:PauseAll"]);
        ServerOptions.Read(configuration);
    }

    [Fact]
    public void Every_setting_that_is_spoken_of_exists()
    {
        string[] known = [.. KnownTo(static configuration => ServerOptions.Read(configuration)), .. KnownTo(static configuration => ControlOptions.Read(configuration))];
        var files = DeployFiles.Find("deploy", "*.*").Where(static file => Path.GetExtension(file) is ".md" or ".cfg" or ".conf" or ".yaml" or ".yml" or ".service" or ".env" or ".json").Append("Dockerfile");
        var spoken = files.SelectMany(static file => SettingPattern().Matches(DeployFiles.Read(file)).Select(match => (file, match.Value))).ToList();

        Assert.True(spoken.Count > 10, $"Only {spoken.Count} settings were found in the files.");
        Assert.All(spoken, setting => Assert.Contains(setting.Value, known));
    }

    /// <summary>A misspelt setting is answered with the settings that there are.</summary>
    private static IEnumerable<string> KnownTo(Action<IConfiguration> read)
    {
        foreach (var section in (string[])["Listen", "Redis", "Snapshot", "Replica", "Brakes", "Control", "Audit", "Server", "Daystart", "Limits", "Overload", "Drain", "Tls", "Otlp"])
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [$"{section}:Nonsense"] = "" }).Build();
            var message = "";
            try
            {
                read(configuration);
            }
            catch (SettingsException error)
            {
                message = error.Message;
            }

            foreach (Match match in SettingPattern().Matches(message)) yield return match.Value;
        }
    }

    private IConfiguration Configuration(string place)
    {
        var (kind, name) = (place.Split(' ')[0], place.Split(' ')[1]);
        var variables = kind switch
        {
            "compose" => Compose(name),
            "base" => ConfigMap("deploy/kubernetes/base/kustomization.yaml", name),
            "production" => Merge(ConfigMap("deploy/kubernetes/base/kustomization.yaml", name), ConfigMap("deploy/kubernetes/overlays/production/kustomization.yaml", name)),
            "systemd" => DeployFiles.Environment($"deploy/systemd/{name}"),
            _ => Image(name),
        };
        var settings = variables.Where(static variable => variable.Key.StartsWith("OMAHA_", StringComparison.Ordinal))
            .ToDictionary(static variable => variable.Key["OMAHA_".Length..].Replace("__", ":", StringComparison.Ordinal), variable => (string?)Here(variable.Value));
        Assert.NotEmpty(settings);
        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }

    /// <summary>Files that are mounted there are others here.</summary>
    private string Here(string value) => value switch
    {
        _ when value.EndsWith("/redis-password", StringComparison.Ordinal) => _password,
        _ when value.EndsWith("/tls.crt", StringComparison.Ordinal) => _certificates.ServerFile,
        _ when value.EndsWith("/tls.key", StringComparison.Ordinal) => _certificates.ServerKeyFile,
        _ when value.EndsWith("/ca.crt", StringComparison.Ordinal) => _certificates.CaFile,
        _ => value,
    };

    private static Dictionary<string, string> Compose(string service)
    {
        var environment = Assert.IsType<YamlDotNet.RepresentationModel.YamlMappingNode>(DeployFiles.Yaml("deploy/compose.yaml").At("services", service, "environment"));
        return environment.Children.ToDictionary(static entry => entry.Key.Text(), static entry => entry.Value.Text());
    }

    private static Dictionary<string, string> ConfigMap(string file, string name) =>
        DeployFiles.Assignments(DeployFiles.Yaml(file).At("configMapGenerator").Items().Single(map => map.At("name").Text() == name).At("literals").Items().Select(static literal => literal.Text()));

    private static Dictionary<string, string> Merge(Dictionary<string, string> first, Dictionary<string, string> second) =>
        first.Where(entry => !second.ContainsKey(entry.Key)).Concat(second).ToDictionary();

    private static Dictionary<string, string> Image(string stage)
    {
        var text = Regex.Match(DeployFiles.Read("Dockerfile"), $@"(?s)^FROM [^\n]* AS {stage}$(.*?)(^FROM|\z)", RegexOptions.Multiline).Groups[1].Value;
        return DeployFiles.Assignments(text.Replace("ENV ", "", StringComparison.Ordinal).Split('\n').Select(static line => line.TrimEnd('\\', ' ')));
    }

    [GeneratedRegex(@"\b(Listen|Redis|Snapshot|Replica|Brakes|Control|Audit|Server|Daystart|Limits|Overload|Drain|Tls|Otlp):[A-Z][A-Za-z]+\b")]
    private static partial Regex SettingPattern();
}
