using System.CommandLine;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Makes a key pair to sign policies with.</summary>
internal sealed class PolicyKeygenVerb : Verb
{
    private readonly Argument<string> _name = new("name") { Description = "Path without ending: NAME.key is the private key (mode 600), NAME.pub the public one." };

    /// <summary>Makes the verb.</summary>
    public PolicyKeygenVerb()
        : base(
            "keygen",
            "Makes a key pair (ECDSA on P-256): the private key signs bundles and stays where policies are trained, the public key goes to robots.",
            "edge policy keygen signing",
            "edge policy keygen keys/lab --json") => Add(_name);

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        string name = parse.GetValue(_name)!, privateFile = name + ".key", publicFile = name + ".pub";
        string id = BundleKeyFile.Create(privateFile, publicFile);
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(new { KeyId = id, PrivateKey = privateFile, PublicKey = publicFile }));
        else terminal.Output.WriteLine($"key {id}: {privateFile} signs and stays secret; {publicFile} goes to the robots.");
        return ExitCode.Ok;
    }
}
