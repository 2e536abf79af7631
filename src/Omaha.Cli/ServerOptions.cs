using System.CommandLine;
using System.Text;

namespace Omaha.Cli;

/// <summary>The options that say which control plane to ask and with which token; each may come from the environment instead.</summary>
internal sealed class ServerOptions(Surroundings surroundings)
{
    private const string DefaultServer = "http://127.0.0.1:8081";

    private readonly Option<string?> _server = new("--server") { Description = $"Address of the control plane (or OMAHACTL_SERVER; default {DefaultServer})", HelpName = "URL", Recursive = true };
    private readonly Option<string?> _token = new("--token") { Description = "The token (or OMAHACTL_TOKEN); other users of this machine may see it in the list of processes", HelpName = "TOKEN", Recursive = true };
    private readonly Option<string?> _tokenFile = new("--token-file") { Description = "A file that holds the token (or OMAHACTL_TOKEN_FILE)", HelpName = "FILE", Recursive = true };
    private readonly Option<bool> _insecure = new("--insecure") { Description = "Send the token over plain HTTP to another machine", Recursive = true };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _server, _token, _tokenFile, _insecure }) command.Options.Add(option);
    }

    /// <exception cref="OmahactlException">Something is missing or cannot be used.</exception>
    public ControlPlane Connect(ParseResult parsed) =>
        new(parsed.GetValue(_server) ?? Variable("OMAHACTL_SERVER") ?? DefaultServer, Token(parsed), parsed.GetValue(_insecure));

    private string Token(ParseResult parsed)
    {
        var (token, file) = (parsed.GetValue(_token), parsed.GetValue(_tokenFile));
        if (token is not null && file is not null) throw new OmahactlException(OmahactlException.Usage, "--token and --token-file are alternatives; give one of them");
        if (token is null && file is null) (token, file) = (Variable("OMAHACTL_TOKEN"), Variable("OMAHACTL_TOKEN_FILE"));
        if (token is not null) return token.Trim();
        if (file is null) throw new OmahactlException(OmahactlException.Usage, "a token is needed; give --token-file, --token, OMAHACTL_TOKEN or OMAHACTL_TOKEN_FILE (Omaha.Control token create --role operator makes one)");
        return Encoding.UTF8.GetString(UserFile.Read(file, "the token file")).Trim();
    }

    /// <summary>A variable that is set to nothing counts as not set.</summary>
    private string? Variable(string name) => surroundings.Environment(name) is { Length: > 0 } value ? value : null;
}
