using System.CommandLine;

namespace Omaha.Cli;

/// <summary><c>--target</c> and its short form <c>--arch</c>.</summary>
internal sealed class TargetOptions
{
    private readonly Option<string?> _target = new("--target") { Description = "Only this target, platform/arch; without it, every target there is", HelpName = "TARGET" };
    private readonly Option<string?> _arch = new("--arch") { Description = "Short for --target any/ARCH", HelpName = "ARCH" };

    public void AddTo(Command command)
    {
        command.Options.Add(_target);
        command.Options.Add(_arch);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_target) is not null && result.GetValue(_arch) is not null) result.AddError("--target and --arch are alternatives; --arch amd64 is short for --target any/amd64");
        });
    }

    public string? Value(ParseResult parsed) => parsed.GetValue(_arch) is { } arch ? $"any/{arch}" : parsed.GetValue(_target);
}
