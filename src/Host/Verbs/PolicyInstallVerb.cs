using System.CommandLine;

namespace EdgeAutonomy.Host;

/// <summary>Takes a bundle into a store.</summary>
internal sealed class PolicyInstallVerb : Verb
{
    private readonly Argument<string> _bundle = new("bundle") { Description = "The folder of the bundle." };
    private readonly Option<string> _store = PolicyStores.StoreOption();
    private readonly Option<string> _keys = PolicyStores.KeysOption();

    /// <summary>Makes the verb.</summary>
    public PolicyInstallVerb()
        : base(
            "install",
            "Checks a bundle and takes it into a store, which is made if it is not there. Nothing acts by it before it is promoted. Twice changes nothing.",
            "edge policy install bundle --store store --keys signing.pub",
            "edge policy install bundle --store store --keys signing.pub --json")
    {
        Add(_bundle);
        Add(_store);
        Add(_keys);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        string bundle = parse.GetValue(_bundle)!, folder = parse.GetValue(_store)!;
        if (!Directory.Exists(bundle)) throw new EdgeException(ExitCode.InputMissing, $"{bundle} is no folder; a bundle is the folder that 'edge policy pack' writes.");
        using var store = PolicyStores.Open(folder, parse.GetValue(_keys), mayBeNew: true);
        string id = store.Install(bundle);
        string name = store.Describe(id).Id;
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(new { Id = id, Name = name, Store = folder }));
        else terminal.Output.WriteLine($"installed {id} ('{name}') in {folder}; next: edge policy gate {id[..12]} G0 --store {folder} --keys {parse.GetValue(_keys)}");
        return ExitCode.Ok;
    }
}
