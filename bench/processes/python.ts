import { join } from 'node:path'
import { localFolder, repository } from '../../dev/src/paths.ts'

/** With the packages of bench/requirements.txt, see dev/install.sh. */
export const benchPython = join(localFolder, 'bench-venv', 'bin', 'python')

export const servicesFolder = join(repository, 'bench', 'services')

/** auth_sidecar's source, not a build of it. */
export const sidecarSource = join(repository, 'backend-fastapi', 'auth_sidecar', 'src')
