using System.CommandLine;
using System.Globalization;
using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>The <c>token</c> commands. They talk to the store directly: whoever may do that needs no token to make one.</summary>
internal static class TokenCommands
{
    public static Command Create(TextWriter output) => new("token", "Looks after the tokens that let people and programs in. With a token of an admin, omahactl token does the same from anywhere.")
    {
        CreateToken(output),
        ListTokens(output),
        RevokeToken(output),
    };

    private static Command CreateToken(TextWriter output)
    {
        var role = new Option<string>("--role") { Description = "What the holder may do: viewer reads, promoter moves certain channels of certain apps, operator changes all of the catalogue, admin says who may do what", Required = true };
        role.AcceptOnlyFromAmong(Roles.Names);
        var name = new Option<string?>("--name") { Description = "Who holds it, as histories, audit and logs will say" };
        var expires = new Option<string?>("--expires") { Description = "When it ends: a length of time such as 90d, or a date; never without this", HelpName = "WHEN" };
        var apps = new Option<string[]>("--app") { Description = "An app of a promoter; may be given several times", DefaultValueFactory = static _ => [] };
        var channels = new Option<string[]>("--channel") { Description = "A channel of a promoter; may be given several times", DefaultValueFactory = static _ => [] };
        var command = new Command("create", "Makes a token and prints it, this once; the store keeps only a hash.") { role, name, expires, apps, channels };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, _) =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var grant = TokenGrant.Read(parsed.GetRequiredValue(role), parsed.GetValue(name), parsed.GetValue(expires), parsed.GetRequiredValue(apps), parsed.GetRequiredValue(channels), now, out var faults);
            foreach (var fault in faults) await parsed.InvocationConfiguration.Error.WriteLineAsync($"--{fault}");
            if (grant is null) return 2;

            return await UseStoreAsync(parsed, async (connection, tokens) =>
            {
                var by = Actor();
                await new CatalogStore(connection).InitializeAsync(new AuditRecord(AuditVerb.Initialize, by, now));
                if (await AccessToken.CreateAsync(tokens, grant, by, now) is var (text, _))
                {
                    await output.WriteLineAsync(text);
                    return 0;
                }

                await parsed.InvocationConfiguration.Error.WriteLineAsync(TokenEndpoints.TooMany.ToString());
                return 1;
            });
        });
        return command;
    }

    private static Command ListTokens(TextWriter output)
    {
        var command = new Command("list", "Shows the tokens there are, never their secrets.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((parsed, _) => UseStoreAsync(parsed, async (connection, tokens) =>
        {
            foreach (var token in await tokens.ListAsync())
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{token.Id}  {token.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {TokenGrant.Describe(token)}"));
            }

            return 0;
        }));
        return command;
    }

    private static Command RevokeToken(TextWriter output)
    {
        var id = new Argument<string>("ID") { Description = "Id of the token: the part between the first two underscores" };
        var command = new Command("revoke", "Ends a token at once.") { id };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, _) => UseStoreAsync(parsed, async (connection, tokens) =>
        {
            // Somebody may paste the whole token; its secret is not repeated.
            var given = AccessToken.IdIn(parsed.GetRequiredValue(id));
            if (await tokens.DeleteAsync(given, new AuditRecord(AuditVerb.RevokeToken, Actor(), TimeProvider.System.GetUtcNow()) { Details = given }))
            {
                await output.WriteLineAsync($"Token {given} is revoked.");
                return 0;
            }

            var known = (await tokens.ListAsync()).Select(static token => token.Id).ToList();
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"There is no token \"{given}\"; {(known.Count == 0 ? "there are none" : $"there are {string.Join(", ", known)}")}.");
            return 1;
        }));
        return command;
    }

    /// <summary>Whoever may reach the store, by the name that the operating system has for them.</summary>
    private static AuditActor Actor() => new($"{Environment.UserName} on {Environment.MachineName}", AuditActor.StoreAccess);

    private static async Task<int> UseStoreAsync(ParseResult parsed, Func<StoreConnection, TokenStore, Task<int>> work)
    {
        var options = ControlOptions.Read(ControlProgram.Configuration(parsed).InForce);
        await using var connection = new StoreConnection(options.Redis.Patient());
        return await work(connection, new TokenStore(connection));
    }
}
