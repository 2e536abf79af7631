using System.CommandLine;
using System.Globalization;
using Omaha.Control;
using static Omaha.Cli.ApiRequest;

namespace Omaha.Cli;

/// <summary>The <c>token</c> commands.</summary>
internal sealed class TokenCommands(Conversation conversation)
{
    public Command Create() => new("token", "Says who may do what.") { CreateToken(), List(), Revoke() };

    private Verb CreateToken()
    {
        var role = new Option<string>("--role") { Description = "What the holder may do: viewer reads, promoter moves certain channels of certain apps, operator changes all of the catalogue, admin says who may do what", HelpName = "ROLE", Required = true };
        role.AcceptOnlyFromAmong("viewer", "promoter", "operator", "admin");
        var name = new Option<string?>("--name") { Description = "Who holds it, as histories and the audit will say", HelpName = "NAME" };
        var expires = new Option<string?>("--expires") { Description = "When it ends: a length of time such as 90d, or a date; never without this", HelpName = "WHEN" };
        var apps = new Option<string[]>("--app") { Description = "An app of a promoter; may be given several times", HelpName = "APP", DefaultValueFactory = static _ => [] };
        var channels = new Option<string[]>("--channel") { Description = "A channel of a promoter; may be given several times", HelpName = "CHANNEL", DefaultValueFactory = static _ => [] };
        var command = new Verb("create", "Makes a token and prints it, this once; the store keeps only a hash.", "omahactl token create --role promoter --app com.example.app --channel beta --channel stable --name release-bot --expires 90d")
        {
            role, name, expires, apps, channels,
        };
        return conversation.Asks(
            command,
            parsed => Post(
                "tokens",
                new TokenRequest
                {
                    Role = parsed.GetRequiredValue(role),
                    Name = parsed.GetValue(name),
                    Expires = parsed.GetValue(expires),
                    Apps = parsed.GetRequiredValue(apps) is { Length: > 0 } ids ? [.. ids] : null,
                    Channels = parsed.GetRequiredValue(channels) is { Length: > 0 } names ? [.. names] : null,
                },
                ApiJson.Default.TokenRequest),
            ApiJson.Default.TokenCreatedReply,
            static (reply, output) => output.WriteLine(reply.Text));
    }

    private Verb List() => conversation.Asks(new Verb("list", "Shows the tokens there are, never their secrets.", "omahactl token list"), static _ => Get("tokens"), ApiJson.Default.TokenListReply, Write);

    private Verb Revoke()
    {
        var id = new Argument<string>("ID") { Description = "Id of the token: the part between the first two underscores" };
        var command = new Verb("revoke", "Ends a token at once.", "omahactl token revoke 5f0c1d2e3a4b") { id };

        // Somebody may paste the whole token; its secret is not sent.
        return conversation.Asks(
            command,
            parsed => new ApiRequest(HttpMethod.Delete, $"tokens/{Step(parsed.GetRequiredValue(id).Split('_') is ["omaha", var ofWhole, _] ? ofWhole : parsed.GetRequiredValue(id))}"),
            ApiJson.Default.TokenReply,
            static (reply, output) => output.WriteLine($"Token {reply.Id} is revoked."));
    }

    private static void Write(TokenListReply reply, TextWriter output)
    {
        var table = new TextTable("ID", "ROLE", "NAME", "MADE", "ENDS", "APPS", "CHANNELS");
        foreach (var token in reply.Tokens)
        {
            table.Add(
                token.Id, token.Role, token.Name, Date(token.CreatedAt), token.ExpiresAt is { } end ? $"{Date(end)}{(token.IsExpired ? " (expired)" : "")}" : "never",
                token.Apps is null ? "-" : string.Join(", ", token.Apps), token.Channels is null ? "-" : string.Join(", ", token.Channels));
        }

        table.Write(output);
    }

    private static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
