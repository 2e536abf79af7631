using System.CommandLine;
using System.Globalization;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>The <c>token</c> commands. They talk to the store directly: whoever may do that needs no token to make one.</summary>
internal static class TokenCommands
{
    private const int LongestName = 64;

    public static Command Create(TextWriter output) => new("token", "Looks after the tokens that let people and programs in.")
    {
        CreateToken(output),
        ListTokens(output),
        RevokeToken(output),
    };

    private static Command CreateToken(TextWriter output)
    {
        var role = new Option<string>("--role") { Description = "What the holder may do: viewer reads, operator changes too", Required = true };
        role.AcceptOnlyFromAmong("viewer", "operator");
        var name = new Option<string?>("--name") { Description = "Who holds it, as histories and logs will say" };
        name.Validators.Add(static result =>
        {
            var given = result.GetValueOrDefault<string?>();
            if (given is null || given.Length is 0 or > LongestName || given.Any(char.IsControl)) result.AddError($"--name \"{given}\" is no name; give 1 to {LongestName} characters without control characters");
        });
        var command = new Command("create", "Makes a token and prints it, this once; the store keeps only a hash.") { role, name };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, _) => UseStoreAsync(parsed, async (connection, tokens) =>
        {
            await new CatalogStore(connection).InitializeAsync();
            await output.WriteLineAsync(await AccessToken.CreateAsync(tokens, Roles.Parse(parsed.GetRequiredValue(role))!.Value, parsed.GetValue(name), TimeProvider.System.GetUtcNow()));
            return 0;
        }));
        return command;
    }

    private static Command ListTokens(TextWriter output)
    {
        var command = new Command("list", "Shows the tokens there are, never their secrets.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((parsed, _) => UseStoreAsync(parsed, async (connection, tokens) =>
        {
            foreach (var token in await tokens.ListAsync())
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{token.Id}  {token.Role,-8}  {token.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {token.Name}"));
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
            var given = AccessToken.TryParse(parsed.GetRequiredValue(id), out var ofWhole, out string _) ? ofWhole : parsed.GetRequiredValue(id);
            if (await tokens.DeleteAsync(given))
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

    private static async Task<int> UseStoreAsync(ParseResult parsed, Func<StoreConnection, TokenStore, Task<int>> work)
    {
        var options = ControlOptions.Read(ControlProgram.Configuration(parsed));
        await using var connection = new StoreConnection(options.Redis);
        return await work(connection, new TokenStore(connection));
    }
}
