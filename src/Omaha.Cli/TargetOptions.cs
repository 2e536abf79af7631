using System.CommandLine;

namespace Omaha.Cli;

/// <summary><c>--target</c> and its short form <c>--arch</c>.</summary>
/// <param name="description">What the target is for.</param>
/// <param name="isRequired">True: one of the two must be given.</param>
internal sealed class TargetOptions(string description = "Only this target, platform/arch; without it, every target there is", bool isRequired = false)
{
    private readonly Option<string?> _target = new("--target") { Description = description, HelpName = "TARGET" };
    private readonly Option<string?> _arch = new("--arch") { Description = "Short for --target any/ARCH", HelpName = "ARCH" };

    public void AddTo(Command command)
    {
        command.Options.Add(_target);
        command.Options.Add(_arch);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_target) is not null && result.GetValue(_arch) is not null) result.AddError("--target and --arch are alternatives; --arch amd64 is short for --target any/amd64");
            if (isRequired && result.GetValue(_target) is null && result.GetValue(_arch) is null) result.AddError("--target is missing; give platform/arch, such as --target any/amd64 or --arch amd64, or any/any for every machine");
        });
    }

    public string? Value(ParseResult parsed) => parsed.GetValue(_arch) is { } arch ? $"any/{arch}" : parsed.GetValue(_target);
}
