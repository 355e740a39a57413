namespace Fvm.Chain;

/// <summary>A network upgrade.</summary>
/// <param name="After">The last epoch of the version before. The state is migrated after this epoch, before later ones.</param>
/// <param name="Version">The network version of later epochs.</param>
/// <param name="Migrates">Whether the state is migrated: then nothing but the migration itself can compute the next state.</param>
public readonly record struct Upgrade(long After, uint Version, bool Migrates);
