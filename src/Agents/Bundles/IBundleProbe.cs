namespace EdgeAutonomy.Agents;

/// <summary>Runs a bundle's policy once on its golden input, so that a policy that this machine computes otherwise is not loaded.</summary>
public interface IBundleProbe
{
    /// <summary>Runs it.</summary>
    /// <param name="bundle">The bundle; hashes, signature and weights are checked already.</param>
    /// <param name="input">The golden input.</param>
    /// <returns>The output; as many numbers as the golden output has.</returns>
    float[] Run(PolicyBundle bundle, ReadOnlySpan<float> input);
}
